package dev.quiver.operator;

import java.util.List;

/// Chunks flow from the source through the operators, in order, into the sink; one thread runs one
/// partition from end to end.
public record Pipeline(Source source, List<Operator> operators, Sink sink) implements Program {
    public Pipeline {
        operators = List.copyOf(operators);
    }
}
