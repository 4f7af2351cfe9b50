package dev.quiver.notebook;

import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.config.Settings;
import dev.quiver.error.Unavailable;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a notebook or shell begins with: Quiver's names, and a session.
public final class Notebook {
    private static final List<String> IMPORTS =
            List.of(
                    "dev.quiver.client.*",
                    "dev.quiver.dataframe.*",
                    "dev.quiver.error.*",
                    "dev.quiver.pipeline.*",
                    "dev.quiver.pipeline.history.History",
                    "dev.quiver.schema.*",
                    "static dev.quiver.dataframe.Functions.*");

    private static volatile @Nullable HeldMemory held;
    private static volatile @Nullable Session open;

    private Notebook() {}

    /// Statements that a shell runs before people's: the imports, and a session `q`.
    public static List<String> startUp() {
        return Stream.concat(imports().stream(), Stream.of(session())).toList();
    }

    /// Statements after which Quiver's names are known.
    public static List<String> imports() {
        return IMPORTS.stream().map("import %s;"::formatted).toList();
    }

    /// The statement that declares `q` and calls [#open]; where that throws, `q` is null.
    public static String session() {
        return "Session q = %s.open();".formatted(Notebook.class.getName());
    }

    /// A session on the cluster that the setting `cluster.address` names, else in this process. It
    /// is closed when the process ends.
    ///
    /// @throws dev.quiver.error.QuiverException as [Quiver#connect()]
    public static Session open() {
        boolean isCluster = !Settings.ofProcess().value(Settings.Key.CLUSTER_ADDRESS).isEmpty();
        Session session = isCluster ? Quiver.connect() : Quiver.local();
        // a cluster's memory is its workers', and asking for it takes a while
        if (!isCluster) held = new HeldMemory(() -> session.usage().memoryBytes(), System::gc);
        open = session;
        Runtime.getRuntime().addShutdownHook(new Thread(Notebook::close, "quiver-notebook-end"));
        return session;
    }

    /// The notebook ends, and its session with it, if there is one. Returns when that is closed.
    public static synchronized void close() {
        Session session = open;
        if (session != null) session.close();
    }

    /// Between two cells: lets go of what was persisted and no variable holds any more, when it has
    /// become much.
    public static void betweenCells() {
        HeldMemory memory = held;
        if (memory == null) return;
        try {
            memory.betweenCells();
        } catch (Unavailable e) {
            held = null; // somebody has closed it
        }
    }
}
