package dev.quiver.dashboard;

import dev.quiver.scheduler.server.PipelineBook;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// What is known of pipelines, as JSON, of version 1.
///
/// @param book empty where none are known, or may be seen
record PipelineAnswers(Optional<PipelineBook> book) {
    private static final String NONE = "{\"version\":1,\"pipelines\":[]}";

    byte[] all() {
        return bytes(book.map(PipelineBook::json).orElse(NONE));
    }

    /// Empty when it isn't known.
    Optional<byte[]> one(String pipeline) {
        return book.flatMap(known -> known.json(pipeline)).map(PipelineAnswers::bytes);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
