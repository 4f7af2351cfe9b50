package dev.quiver.dashboard;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.operator.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The files of the page, which come with the program.
final class Pages {
    private static final Map<String, String> TYPES =
            Map.of(
                    "html", "text/html; charset=utf-8",
                    "css", "text/css; charset=utf-8",
                    "js", "text/javascript; charset=utf-8",
                    "svg", "image/svg+xml");

    /// Whatever else somebody asks for isn't there.
    private static final List<String> NAMES =
            List.of(
                    "index.html",
                    "app.css",
                    "app.js",
                    "asking.js",
                    "crew.js",
                    "data.js",
                    "events.js",
                    "feed.js",
                    "format.js",
                    "graph.js",
                    "links.js",
                    "logs.js",
                    "memory.js",
                    "pipelines.js",
                    "profile.js",
                    "queries.js",
                    "rows.js",
                    "runs.js",
                    "stages.js",
                    "task.js",
                    "taskstream.js",
                    "workers.js",
                    "icon.svg",
                    "uPlot.iife.min.js",
                    "uPlot.min.css");

    /// Of which nobody asks for by its name.
    private static final String LOGIN = "login.html";

    private final Map<String, Page> pages = new ConcurrentHashMap<>();

    /// @param type of its content
    record Page(String type, Bytes content) {}

    /// @param path as in a URL, such as `/app.js`
    Optional<Page> find(String path) {
        String name = path.equals("/") ? "index.html" : path.substring(1);
        if (!NAMES.contains(name)) return Optional.empty();
        return Optional.of(pages.computeIfAbsent(name, Pages::read));
    }

    /// The page that asks for a token.
    ///
    /// @param said why it asks again; empty at first
    byte[] login(String said) {
        Page page = pages.computeIfAbsent(LOGIN, Pages::read);
        return new String(page.content().array(), StandardCharsets.UTF_8)
                .replace("<!--said-->", Markup.escaped(said))
                .getBytes(StandardCharsets.UTF_8);
    }

    private static Page read(String name) {
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        try (InputStream in = Pages.class.getResourceAsStream("pages/" + name)) {
            if (type == null || in == null) throw new IOException("it isn't in the program");
            return new Page(type, Bytes.of(in.readAllBytes()));
        } catch (IOException e) {
            throw new QuiverException(
                    ErrorCode.INTERNAL,
                    "the page's file '%s' can't be read: %s".formatted(name, e.getMessage()),
                    List.of(),
                    "install Quiver again",
                    e);
        }
    }
}
