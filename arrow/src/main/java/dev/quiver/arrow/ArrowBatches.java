package dev.quiver.arrow;

import dev.quiver.dataframe.Batch;
import dev.quiver.dataframe.Fn;

/// The way from a frame's batches to Arrow's classes and back.
///
/// ```java
/// frame.mapBatches(
///         Schema.of(Field.of("id", DataType.INT64), Field.of("score", DataType.FLOAT64)),
///         ArrowBatches.function((batch, allocator) -> model.score(batch, allocator)))
/// ```
///
/// Numbers, truth values, dates, times, texts, lists and structs of a batch lie where the frame's
/// columns lie: nothing is copied on the way in. Copied are dictionary-encoded texts (which Arrow
/// gets plain), decimals of up to 18 digits and times in seconds and milliseconds, whose width is
/// another one in Arrow, and whatever the function returns, so that it counts to the session's
/// memory.
///
/// Arrow's classes need the JVM flag `--add-opens=java.base/java.nio=ALL-UNNAMED`; the `quiver`
/// command gives it.
public final class ArrowBatches {
    private ArrowBatches() {}

    /// A function for [dev.quiver.dataframe.DataFrame#mapBatches].
    public static Fn<Batch, Batch> function(ArrowFunction function) {
        return new ArrowCall(function);
    }
}
