package dev.quiver.planner;

/// How much a plan is expected to give.
///
/// @param exact whether the rows are known, not guessed
public record Estimate(long rows, long bytes, boolean exact) {
    public Estimate {
        if (rows < 0 || bytes < 0) {
            throw new IllegalArgumentException("rows=%d, bytes=%d".formatted(rows, bytes));
        }
    }

    /// So many rows of a width.
    static Estimate of(long rows, double rowBytes, boolean exact) {
        return new Estimate(rows, (long) Math.ceil((double) rows * rowBytes), exact);
    }

    /// About so many rows of a width.
    static Estimate about(double rows, double rowBytes) {
        return of((long) Math.ceil(rows), rowBytes, false);
    }
}
