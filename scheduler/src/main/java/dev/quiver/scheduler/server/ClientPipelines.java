package dev.quiver.scheduler.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The pipelines that clients run, as they told. Thread-safe.
public final class ClientPipelines {
    /// So many are remembered, and so many chars of them; that of which nothing was told for
    /// longest goes.
    private static final int PIPELINES_MAX = 200;

    private static final long CHARS_MAX = 16L << 20;

    private final Map<String, Told> pipelines = new LinkedHashMap<>();
    private long chars;

    /// A pipeline of a client.
    ///
    /// @param client its number
    /// @param name its name for people
    /// @param lost whether the client went without telling of the run's end
    public record Told(long client, String name, PipelineNews news, boolean lost) {}

    /// A client tells of a pipeline; one of that name isn't known any more.
    public synchronized void tell(long client, String name, PipelineNews news) {
        forget(news.pipeline());
        pipelines.put(news.pipeline(), new Told(client, name, news, false));
        chars += news.json().length();
        while (pipelines.size() > PIPELINES_MAX || chars > CHARS_MAX)
            forget(pipelines.keySet().iterator().next());
    }

    private void forget(String pipeline) {
        Told gone = pipelines.remove(pipeline);
        if (gone != null) chars -= gone.news().json().length();
    }

    /// A client has gone for good: what it ran doesn't run any more.
    public synchronized void left(long client) {
        pipelines.replaceAll((_, told) ->
                told.client() == client && !told.news().ended()
                        ? new Told(client, told.name(), told.news(), true)
                        : told);
    }

    /// That of which was told last comes last.
    public synchronized List<Told> all() {
        return List.copyOf(pipelines.values());
    }
}
