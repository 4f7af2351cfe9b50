package dev.quiver.notebook;

import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.config.Settings;
import java.util.List;

/// What a notebook or shell begins with: Quiver's names, and a session.
public final class Notebook {
    private static final List<String> IMPORTS =
            List.of(
                    "dev.quiver.client.*",
                    "dev.quiver.dataframe.*",
                    "dev.quiver.error.*",
                    "dev.quiver.pipeline.*",
                    "dev.quiver.schema.*",
                    "static dev.quiver.dataframe.Functions.*");

    private Notebook() {}

    /// Statements that a shell runs before people's: the imports, and a session `q`.
    public static List<String> startUp() {
        var statements = new java.util.ArrayList<String>();
        for (String name : IMPORTS) statements.add("import %s;".formatted(name));
        statements.add("Session q = %s.open();".formatted(Notebook.class.getName()));
        return statements;
    }

    /// A session on the cluster that the setting `cluster.address` names, else in this process. It
    /// is closed when the process ends.
    ///
    /// @throws dev.quiver.error.QuiverException as [Quiver#connect()]
    public static Session open() {
        boolean isCluster = !Settings.ofProcess().value(Settings.Key.CLUSTER_ADDRESS).isEmpty();
        Session session = isCluster ? Quiver.connect() : Quiver.local();
        Runtime.getRuntime().addShutdownHook(new Thread(session::close, "quiver-notebook-end"));
        return session;
    }
}
