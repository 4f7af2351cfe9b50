package dev.quiver.operator;

/// User code: partition `p` runs the closure that `source` gives for `p`.
public record Closures(Source source) implements Program {
    /// Where the closures of a stage come from; may grow while the stage runs.
    public interface Source {
        Closure closure(int partition);
    }

    /// One call of user code.
    ///
    /// Implementations are the client's; the argument holds the results of the tasks it depends on,
    /// in the order of its dependencies.
    public interface Closure {
        Object call(java.util.List<Object> inputs) throws Exception;
    }
}
