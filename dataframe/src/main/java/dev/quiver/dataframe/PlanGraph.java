package dev.quiver.dataframe;

import java.util.List;

/// What a query will do, step by step: each step reads its inputs. `toString` is what
/// [DataFrame#explain] says.
///
/// @param result the last step
/// @param text for terminals
public record PlanGraph(Step result, String text) {
    /// A step of a query.
    ///
    /// @param label such as `Filter[dep_delay > 15]`
    /// @param rows that are expected of it
    /// @param exact whether the rows are known, not guessed
    /// @param bytes that are expected of it
    public record Step(String label, long rows, boolean exact, long bytes, List<Step> inputs) {
        public Step {
            inputs = List.copyOf(inputs);
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
