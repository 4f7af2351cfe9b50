package dev.quiver.client;

import dev.quiver.dataframe.Written;
import dev.quiver.dataframe.plan.TableWrite;
import dev.quiver.io.jdbc.TablePublication;
import dev.quiver.operator.Target;
import dev.quiver.schema.Schema;
import dev.quiver.worker.store.FileNote;
import java.util.List;
import java.util.UUID;

/// A write into a table of a database.
final class TableOutput implements Output {
    private final TablePublication publication;

    /// @throws dev.quiver.error.QuiverException with the code `TARGET_EXISTS` when the table is
    ///   there and is not to be changed
    TableOutput(TableWrite options, Schema schema) {
        String run = UUID.randomUUID().toString();
        this.publication =
                new TablePublication(
                        options.database(),
                        options.table(),
                        options.mode(),
                        options.keys(),
                        schema,
                        run.replace("-", ""),
                        run);
        publication.checkFree();
    }

    @Override
    public Target target() {
        return publication.target();
    }

    @Override
    public void prepare() {
        publication.prepare();
    }

    @Override
    public Written publish(List<FileNote> manifest) {
        long rows = manifest.stream().mapToLong(FileNote::rows).sum();
        publication.publish(rows);
        return new Written(rows, manifest.stream().mapToLong(FileNote::bytes).sum(), List.of());
    }

    @Override
    public void abandon() {
        publication.clear();
    }
}
