package dev.quiver.benchmarks;

import dev.quiver.client.Delayed;
import dev.quiver.client.Session;
import dev.quiver.dataframe.QFuture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Many tasks that do next to nothing, whose results are looked at.
final class TaskWork {
    /// The graph has so many layers of so many tasks.
    static final int GRAPH_WIDTH = 100;

    static final int GRAPH_TASKS = GRAPH_WIDTH * GRAPH_WIDTH;

    private static final int MODULUS = 1000;

    private TaskWork() {}

    /// A closure of its own for each task.
    static void submit(Session q, int tasks) {
        var futures = new ArrayList<QFuture<Integer>>(tasks);
        for (int i = 0; i < tasks; i++) {
            int number = i;
            futures.add(q.submit(() -> number + 1));
        }
        check(q.gather(futures), tasks);
    }

    /// One function over many items.
    static void map(Session q, int tasks) {
        List<Integer> items = IntStream.range(0, tasks).boxed().toList();
        check(q.gather(q.map(x -> x + 1, items)), tasks);
    }

    private static void check(List<Integer> results, int tasks) {
        if (results.size() != tasks)
            throw new IllegalStateException(
                    "%d results of %d tasks".formatted(results.size(), tasks));
        for (int i = 0; i < tasks; i++) {
            if (results.get(i) != i + 1)
                throw new IllegalStateException("task %d answers %d".formatted(i, results.get(i)));
        }
    }

    /// 100 layers of 100 tasks, each with two inputs of the layer before.
    static void graph(Session q) {
        var layer = new ArrayList<Delayed<Long>>();
        for (int j = 0; j < GRAPH_WIDTH; j++) {
            long number = j + 1L;
            layer.add(q.delayed(() -> number));
        }
        for (int i = 1; i < GRAPH_WIDTH; i++) {
            var next = new ArrayList<Delayed<Long>>();
            for (int j = 0; j < GRAPH_WIDTH; j++)
                next.add(
                        layer.get(j)
                                .with(
                                        layer.get((j + 1) % GRAPH_WIDTH),
                                        (a, b) -> (a + b) % MODULUS));
            layer = next;
        }
        List<Long> results = Delayed.all(layer).compute();
        if (!results.equals(expected()))
            throw new IllegalStateException("the graph answers " + results);
    }

    private static List<Long> expected() {
        var layer = new long[GRAPH_WIDTH];
        for (int j = 0; j < GRAPH_WIDTH; j++) layer[j] = j + 1L;
        for (int i = 1; i < GRAPH_WIDTH; i++) {
            var next = new long[GRAPH_WIDTH];
            for (int j = 0; j < GRAPH_WIDTH; j++)
                next[j] = (layer[j] + layer[(j + 1) % GRAPH_WIDTH]) % MODULUS;
            layer = next;
        }
        return Arrays.stream(layer).boxed().toList();
    }
}
