package dev.quiver.scheduler.server;

/// What a client tells its scheduler of a pipeline that it runs, for those who look.
///
/// @param beganMillis when its process began with the run, since 1970
/// @param ended whether nothing more will be told of the run
/// @param json as of [PipelineBook#one]
public record PipelineNews(String pipeline, long beganMillis, boolean ended, String json) {
    /// Longer ones aren't taken, in chars.
    public static final int JSON_MAX = 1 << 20;

    private static final int NAME_MAX = 1000;

    public PipelineNews {
        if (pipeline.length() > NAME_MAX || json.length() > JSON_MAX)
            throw new IllegalArgumentException(
                    "%d chars of a pipeline whose name has %d"
                            .formatted(json.length(), pipeline.length()));
    }
}
