package dev.quiver.planner;

/// From how many bytes and rows on work is cut. Machines and workers don't matter here, so that
/// results don't depend on them.
final class Sizes {
    private static final long MB = 1L << 20;

    /// A CSV partition reads about this much.
    static final long CSV_PARTITION_BYTES = 16 * MB;

    /// From this size on CSV partitions are twice as large.
    static final long CSV_LARGE_BYTES = 2048 * MB;

    /// A Parquet partition reads row groups of about this much, uncompressed.
    static final long PARQUET_PARTITION_BYTES = 32 * MB;

    /// Aggregations over fewer rows make one bucket.
    static final long ROWS_ONE_BUCKET_MAX = 64 * 1024;

    /// Aggregations over more rows make so many buckets.
    static final int BUCKETS = 16;

    /// Kept partitions are folded so that no more than this many partial tables are merged.
    private static final int PARTIAL_TABLES_MAX = 8;

    /// As many where there are rows for it.
    private static final int PARTIAL_TABLES_LARGE_MAX = 16;

    private static final long ROWS_LARGE = 64L << 20;

    /// A partition of chunks that the session holds has at least about so many rows.
    static final long HELD_PARTITION_ROWS = 64 * 1024;

    /// A partition of what workers keep is read in parts of about so many rows: what is read
    /// elsewhere travels, so that they are larger than [#HELD_PARTITION_ROWS].
    static final long KEPT_PARTITION_ROWS = 1024 * 1024;

    /// The most partitions that chunks of the session are dealt out to.
    static final int HELD_PARTITIONS_MAX = 64;

    /// A partition of an exchanged join holds about this much of its build side.
    static final long JOIN_PARTITION_BYTES = MB;

    /// A task that groups exchanged rows reads neighbouring buckets up to about this much.
    static final long GROUPED_TASK_BYTES = MB;

    /// From this size on, what exchanges found decides who reads it.
    static final long MEASURED_EXCHANGE_BYTES = 8 * MB;

    /// A task that probes tables reads neighbouring buckets up to about this much.
    static final long PROBE_TASK_BYTES = 4 * MB;

    /// A task that reads several buckets probes with at most this part of the rows.
    static final int BUCKET_READERS_MIN = 8;

    /// A bucket that is so many times larger than the one in the middle is read by several tasks.
    static final long SKEW_FACTOR = 4;

    /// The most partitions that an exchange makes.
    static final int EXCHANGE_BUCKETS_MAX = 256;

    /// A part of a written directory is at least about this large when smaller ones can be joined.
    static final long WRITTEN_PART_BYTES = 64 * MB;

    /// About how many rows a chunk has.
    static final long CHUNK_ROWS = 64 * 1024;

    private Sizes() {}

    /// How many partial tables an aggregation over so many rows makes at the most.
    static int partialTablesMax(long rows) {
        if (rows < ROWS_ONE_BUCKET_MAX) return 1;
        return rows < ROWS_LARGE ? PARTIAL_TABLES_MAX : PARTIAL_TABLES_LARGE_MAX;
    }

    /// How many parts of `bytes` each it takes, from 1 to `max`.
    static int parts(long total, long bytes, int max) {
        return (int) Math.clamp(Math.ceilDiv(total, bytes), 1L, (long) max);
    }

    /// The next power of two.
    static int powerOfTwo(int atLeast) {
        return atLeast <= 1 ? 1 : Integer.highestOneBit(atLeast - 1) << 1;
    }
}
