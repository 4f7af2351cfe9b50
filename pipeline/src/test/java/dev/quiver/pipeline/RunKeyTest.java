package dev.quiver.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.expression.Expression;
import dev.quiver.operator.GateRule;
import dev.quiver.schema.DataType;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// What a run is of, compared with what it is of later.
final class RunKeyTest {
    private static final GateRule.Test TRUE =
            new GateRule.Holds(new Expression.Literal(true, DataType.BOOL));

    private static RunKey of(String... plan) {
        return new RunKey(
                new TreeMap<>(), "", List.of(plan), List.of(), List.of(), List.of("unit"));
    }

    @Test
    void of_long_lines_of_a_plan_the_part_is_shown_that_differs() {
        String same = "Gate[" + "rule, ".repeat(100);
        String behind = ", rule".repeat(100) + "]";

        RunKey.Difference found =
                of("Scan", same + "range 1 to 5" + behind)
                        .to(of("Scan", same + "range 1 to 6" + behind))
                        .orElseThrow();

        assertThat(found.was()).startsWith("…").contains("range 1 to 5").endsWith("…");
        assertThat(found.is()).contains("range 1 to 6").hasSizeLessThan(200);
    }

    @Test
    void of_a_gate_with_another_rule_the_rules_are_shown() {
        var departed = new GateRule("departed", "dep_time", TRUE);
        var range = new GateRule("in range", "air_time", TRUE);

        RunKey.Difference found =
                of("Gate" + List.of(departed))
                        .to(of("Gate" + List.of(departed, range)))
                        .orElseThrow();

        assertThat(found.what()).isEqualTo("the gate");
        assertThat(found.was()).isEqualTo("rules departed");
        assertThat(found.is()).isEqualTo("rules departed, in range");
    }

    @Test
    void a_step_more_is_shown_beside_nothing() {
        RunKey.Difference found = of("Scan").to(of("Scan", "Filter")).orElseThrow();

        assertThat(found.was()).isEqualTo("nothing");
        assertThat(found.is()).isEqualTo("Filter");
    }
}
