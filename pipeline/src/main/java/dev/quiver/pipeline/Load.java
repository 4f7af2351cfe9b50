package dev.quiver.pipeline;

/// Where rows are loaded to.
///
/// ```java
/// pipeline.load(Load.parquet("out/flights/").partitionBy("month").overwrite());
/// ```
///
/// A load becomes visible when all of it is there, and as a whole; until then its target is as it
/// was before.
public sealed interface Load permits FileLoad {
    /// Parquet files in a directory, which holds nothing else.
    static FileLoad parquet(String directory) {
        return FileLoad.parquet(directory);
    }

    /// CSV files in a directory, which holds nothing else.
    static FileLoad csv(String directory) {
        return FileLoad.csv(directory);
    }
}
