package dev.quiver.pipeline;

import dev.quiver.dataframe.plan.WriteOptions.Mode;
import dev.quiver.io.jdbc.TablePublication;
import java.nio.file.Path;
import java.util.Optional;

/// Where a load of one run goes.
sealed interface Destination {
    /// What happens to what is there; an upsert adds.
    Mode mode();

    /// The table; empty for files, and when nothing is loaded.
    Optional<TablePublication> publication();

    /// A directory of files.
    record Directory(Path path, Mode mode) implements Destination {
        @Override
        public Optional<TablePublication> publication() {
            return Optional.empty();
        }

        @Override
        public String toString() {
            return path.toString();
        }
    }

    /// A table of a database.
    ///
    /// @param title what people call it
    record InTable(String title, Mode mode, Optional<TablePublication> publication)
            implements Destination {
        static InTable of(TableLoad load, String title, Optional<TablePublication> publication) {
            Mode mode =
                    switch (load.mode()) {
                        case CREATE -> Mode.CREATE;
                        case OVERWRITE -> Mode.OVERWRITE;
                        case APPEND, UPSERT -> Mode.APPEND;
                    };
            return new InTable(title, mode, publication);
        }

        @Override
        public String toString() {
            return title;
        }
    }
}
