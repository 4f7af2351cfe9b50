package dev.quiver.local;

/// What tests have pages do with the stream of tasks.
final class StreamScripts {
    /// A frame of the stream with a task that waited, and what the page says of it.
    static final String DELAYED_TASK =
            """
            () => {
              const feed = window.quiver.feed, view = new DataView(new ArrayBuffer(20 + 16 + 6));
              view.setInt32(0, 1, true);
              view.setInt32(8, 1, true);
              view.setFloat64(12, feed.clock(), true);
              view.setUint8(23, 2);
              view.setInt32(24, 7, true);
              view.setInt32(28, -2e6, true);
              view.setInt32(32, 1e6, true);
              view.setUint16(36, 8 << 11 | 500000 >> 8, true);
              view.setUint16(40, 2000, true);
              feed.take(view);
              return window.quiver.stream.words(feed.attempts.head - 1);
            }
            """;

    private StreamScripts() {}
}
