package dev.quiver.pipeline;

import dev.quiver.dataframe.plan.WriteOptions.Mode;
import dev.quiver.io.jdbc.TablePublication;
import java.nio.file.Path;
import java.util.Optional;

/// Where a load of one run goes.
sealed interface Destination {
    /// What happens to what is there; an upsert adds.
    Mode mode();

    /// The directory of its files; empty for tables.
    default Optional<Path> directory() {
        return switch (this) {
            case Directory(var path, _) -> Optional.of(path);
            case Merged(var path) -> Optional.of(path);
            case InTable _ -> Optional.empty();
        };
    }

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

    /// A directory of files that rows are merged into; what gates keep is added.
    record Merged(Path path) implements Destination {
        @Override
        public Mode mode() {
            return Mode.APPEND;
        }

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
