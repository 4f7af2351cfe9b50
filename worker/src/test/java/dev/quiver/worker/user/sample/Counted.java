package dev.quiver.worker.user.sample;

import dev.quiver.dataframe.Call;

/// A user's class with a static field.
public final class Counted {
    /// What a program sets, and what a worker's class begins with.
    public static int started = 1;

    private Counted() {}

    /// A value that knows its loader.
    public record Trade(String sym, int lots) {}

    /// Reads the static field.
    public static Call<Integer> reading() {
        return () -> started;
    }

    /// Makes a trade of the user's class.
    public static Call<Trade> trading(int lots) {
        return () -> new Trade("A", lots);
    }
}
