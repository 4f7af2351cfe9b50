package dev.quiver.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quiver.operator.Closures;
import java.util.List;
import org.junit.jupiter.api.Test;

class GraphTest {
    private static Stage.Builder stage(int id) {
        return Stage.builder(id, "s" + id, new Closures(p -> inputs -> List.of()));
    }

    private static String refusal(Runnable action) {
        return String.valueOf(
                assertThrows(IllegalArgumentException.class, action::run).getMessage());
    }

    @Test
    void a_graph_of_ten_million_tasks_is_a_few_records() {
        var graph =
                TaskGraph.of(
                        stage(1).partitions(5_000_000).build(),
                        stage(2).partitions(5_000_000).input(new Dependency.Narrow(1)).build());

        assertEquals(10_000_000, graph.taskCount());
    }

    @Test
    void a_stage_comes_after_those_it_reads() {
        String why =
                refusal(() ->
                        TaskGraph.of(
                                stage(2).input(new Dependency.Narrow(1)).build(),
                                stage(1).build()));

        assertEquals("stage 's2' comes before stage 1, which it reads", why);
    }

    @Test
    void the_partitions_of_a_fan_in_are_counted() {
        String why =
                refusal(() ->
                        TaskGraph.of(
                                stage(1).partitions(10).build(),
                                stage(2).partitions(3).input(new Dependency.FanIn(1, 4)).build(),
                                stage(3).partitions(4).input(new Dependency.FanIn(1, 4)).build()));

        assertEquals(
                "stage 's3' has 4 partitions, but FanIn[stage=1, width=4] over 10 partitions makes"
                        + " 3",
                why);
    }

    @Test
    void the_parts_of_a_partition_have_each_of_its_slices_once() {
        for (int slices = 1; slices <= 16; slices++) {
            for (int width = 1; width <= slices; width++) {
                var parts = new Dependency.FanOut(1, width, slices);
                int next = 0;
                for (int p = 3 * width; p < 4 * width; p++) {
                    Region region = parts.region(p).orElseThrow();
                    assertEquals(new Region(3, 4, next, region.toSlice()), region);
                    next = region.toSlice();
                }
                assertEquals(slices, next);
            }
        }
    }

    @Test
    void a_stage_that_reads_parts_has_as_many_partitions_as_there_are() {
        String why =
                refusal(() ->
                        TaskGraph.of(
                                stage(1).partitions(3).build(),
                                stage(2).partitions(7)
                                        .input(new Dependency.FanOut(1, 2, 16))
                                        .build()));

        assertEquals(
                "stage 's2' has 7 partitions, but FanOut[stage=1, width=2, slices=16] over 3"
                        + " partitions makes 6",
                why);
    }

    @Test
    void a_shuffle_has_a_slice_for_each_partition() {
        String why =
                refusal(() -> stage(2).partitions(4).input(new Dependency.Shuffle(1, 5)).build());

        assertEquals("stage 's2': 5 slices for 4 partitions", why);
    }

    @Test
    void a_growing_stage_reads_listed_tasks_only() {
        String why = refusal(() -> stage(2).growing(0).input(new Dependency.Narrow(1)).build());

        assertEquals("stage 's2': a growing stage reads listed tasks only", why);
    }

    @Test
    void edges_answer_the_inputs_of_each_row() {
        Edges edges = Edges.builder().endRow().input(3, 7).input(1, 2).endRow().endRow().build();

        assertEquals(0, edges.inputCount(0));
        assertEquals(2, edges.inputCount(1));
        assertEquals(new TaskKey(1, 2), TaskKey.unpack(edges.input(1, 1)));
        assertEquals(0, edges.inputCount(99));
        assertThrows(IndexOutOfBoundsException.class, () -> edges.input(0, 0));
    }

    @Test
    void edges_that_say_the_same_are_equal() {
        var one = Edges.builder().input(1, 2).endRow().build();
        var other = Edges.builder().input(1, 2).endRow().build();

        assertEquals(one, other);
        assertEquals(one.hashCode(), other.hashCode());
        assertEquals(Edges.NONE, Edges.builder().endRow().build());
    }

    @Test
    void users_take_turns_before_submissions_do() {
        assertTrue(Priority.of(0, 9, 9) < Priority.of(1, 0, 0));
        assertTrue(Priority.of(0, 1, 9) < Priority.of(0, 2, 0));
        assertTrue(Priority.of(0, 1, 1) < Priority.of(0, 1, 2));
        assertThrows(IllegalArgumentException.class, () -> Priority.of(0, -1, 0));
    }
}
