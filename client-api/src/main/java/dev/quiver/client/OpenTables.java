package dev.quiver.client;

import dev.quiver.dataframe.DataFrame;
import dev.quiver.schema.Schema;
import dev.quiver.worker.store.TaskOutput;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The tables of a session that hold memory. Those that nobody can reach any more are closed, and
/// counted: someone forgot to.
final class OpenTables implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OpenTables.class);

    private final Set<TableContent> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger forgotten = new AtomicInteger();
    private final Reclamation reclamation;

    OpenTables(Reclamation reclamation) {
        this.reclamation = reclamation;
    }

    /// A table of these outputs, which are taken over.
    ///
    /// @param frame makes a frame that reads the table
    /// @param end is run when the table is closed
    LocalTable open(
            Schema schema,
            List<TaskOutput> outputs,
            BiFunction<LocalTable, TableContent, DataFrame> frame,
            Runnable end) {
        var ending = new Runnable[1];
        var content = new TableContent(outputs, () -> ending[0].run());
        var table = new LocalTable(schema, content, frame);
        open.add(content);
        Reclamation.Tracked tracked =
                reclamation.track(
                        table,
                        () -> {
                            forgotten.incrementAndGet();
                            LOG.debug("a table of {} rows was never closed", content.rowCount());
                            content.close();
                        });
        ending[0] =
                () -> {
                    tracked.forget();
                    open.remove(content);
                    end.run();
                };
        return table;
    }

    /// How many tables were closed because nobody could reach them any more.
    int forgotten() {
        return forgotten.get();
    }

    /// How many are open.
    int size() {
        return open.size();
    }

    @Override
    public void close() {
        List.copyOf(open).forEach(TableContent::close);
    }
}
