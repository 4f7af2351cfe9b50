package dev.quiver.simulation;

import dev.quiver.graph.Dependency;
import dev.quiver.graph.Edges;
import dev.quiver.graph.Priority;
import dev.quiver.graph.Purity;
import dev.quiver.graph.Region;
import dev.quiver.graph.Stage;
import dev.quiver.graph.TaskGraph;
import dev.quiver.graph.TaskLimits;
import dev.quiver.operator.Closures;
import dev.quiver.operator.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// Stages that are made up, and what a run of them must come to.
final class Scenario {
    private static final Program PROGRAM = new Closures(p -> inputs -> List.of());
    private static final int TASKS_MAX = 170;

    private final SplittableRandom random;
    private final TreeMap<Integer, Stage> stages = new TreeMap<>();

    /// What the tasks of growing stages list, by task.
    private final TreeMap<Long, List<Long>> listed = new TreeMap<>();

    private final TreeMap<Integer, Integer> sizes = new TreeMap<>();
    private final boolean impure;
    private final boolean limits;
    private final boolean memory;
    private int nextStage = 1;
    private int taskCount;

    Scenario(SplittableRandom random) {
        this.random = random;
        this.impure = random.nextInt(3) == 0;
        this.limits = random.nextInt(3) == 0;
        this.memory = random.nextInt(3) == 0;
    }

    Stage stage(int id) {
        Stage stage = stages.get(id);
        if (stage == null) {
            throw new IllegalStateException("no stage " + id);
        }
        return stage;
    }

    List<Integer> stageIds() {
        return List.copyOf(stages.keySet());
    }

    int size(int stage) {
        return sizes.getOrDefault(stage, 0);
    }

    boolean hasRoom() {
        return taskCount < TASKS_MAX;
    }

    int taskCount() {
        return taskCount;
    }

    /// A job's first graph, which may read stages of `others`. Its last stage is wanted.
    TaskGraph graph(int submission, List<Stage> others) {
        var made = new ArrayList<Stage>();
        int count = 2 + random.nextInt(5);
        for (int i = 0; i < count && (i < 2 || hasRoom()); i++) {
            boolean outside = !others.isEmpty() && random.nextInt(3) == 0;
            made.add(next(outside ? others : made, submission, i == count - 1 || !hasRoom()));
        }
        return new TaskGraph(made);
    }

    /// A stage that reads `input` and whose outputs are wanted.
    Stage reader(Stage input, int submission) {
        var builder = builder("reader", submission).wanted();
        connect(builder, input, List.of());
        return add(builder.build());
    }

    /// A growing stage without tasks.
    Stage growing(int submission) {
        var builder = builder("growing", submission).growing(0);
        if (random.nextInt(4) > 0) {
            builder.wanted();
        }
        return add(builder.build());
    }

    private Stage next(List<Stage> made, int submission, boolean last) {
        var builder = builder("stage", submission);
        if (last || random.nextInt(5) == 0) {
            builder.wanted();
        }
        if (made.isEmpty() || random.nextInt(6) == 0) {
            builder.partitions(1 + random.nextInt(random.nextInt(3) == 0 ? 40 : 12));
            if (limits && random.nextInt(2) == 0) {
                builder.rowsMax(1 + random.nextInt(60));
            }
        } else {
            int low = Math.max(0, made.size() - 3);
            connect(builder, made.get(random.nextInt(low, made.size())), made);
        }
        return add(builder.build());
    }

    private void connect(Stage.Builder builder, Stage input, List<Stage> candidates) {
        int n = input.partitions();
        int kind = input.rowsMax() > 0 ? 3 + random.nextInt(2) : random.nextInt(4);
        switch (kind) {
            case 0 -> connectByPartition(builder, input);
            case 1 -> {
                int width = 1 + random.nextInt(5);
                builder.partitions(Math.ceilDiv(n, width))
                        .input(new Dependency.FanIn(input.id(), width));
            }
            case 2 -> {
                int slices = 1 + random.nextInt(8);
                if ((input.id() + slices) % 3 == 0) {
                    List<Region> regions = regions(n, slices);
                    builder.partitions(regions.size())
                            .input(new Dependency.Regions(input.id(), regions));
                } else {
                    builder.partitions(slices).input(new Dependency.Shuffle(input.id(), slices));
                }
            }
            case 3 ->
                    builder.partitions(1 + random.nextInt(5))
                            .input(new Dependency.Broadcast(input.id()));
            default -> builder.partitions(1).input(new Dependency.FanIn(input.id(), n));
        }
        if (random.nextInt(4) == 0 && kind != 0) {
            candidates.stream()
                    .filter(s -> s.id() != input.id() && s.partitions() < 8)
                    .skip(random.nextInt(3))
                    .findFirst()
                    .ifPresent(s -> builder.input(new Dependency.Broadcast(s.id())));
        }
    }

    /// Partition by partition, or each of them in parts.
    private static void connectByPartition(Stage.Builder builder, Stage input) {
        int n = input.partitions();
        int width = (input.id() + n) % 4 == 0 ? 2 + n % 3 : 1;
        if (width == 1) builder.partitions(n).input(new Dependency.Narrow(input.id()));
        else
            builder.partitions(n * width)
                    .input(new Dependency.FanOut(input.id(), width, width + n % 3));
    }

    /// The first slices split by their partitions, the others two and two together.
    private static List<Region> regions(int partitions, int slices) {
        var regions = new ArrayList<Region>();
        int middle = Math.ceilDiv(partitions, 2);
        regions.add(new Region(0, middle, 0, 1));
        if (middle < partitions) {
            regions.add(new Region(middle, partitions, 0, 1));
        }
        for (int slice = 1; slice < slices; slice += 2) {
            regions.add(Region.ofSlices(slice, Math.min(slices, slice + 2)));
        }
        return regions;
    }

    private Stage.Builder builder(String name, int submission) {
        int id = nextStage++;
        var limit =
                new TaskLimits(
                        random.nextInt(4),
                        random.nextInt(3) * 30L * Timeline.MILLI,
                        random.nextInt(12) == 0 ? 150 * Timeline.MILLI : 0,
                        memory ? (long) random.nextInt(60) << 20 : 0);
        Purity purity = impure && random.nextInt(3) == 0 ? Purity.IMPURE : Purity.DETERMINISTIC;
        Stage.Builder builder =
                Stage.builder(id, name + id, PROGRAM)
                        .limits(limit)
                        .purity(purity)
                        .priority(Priority.of(0, submission, 1000 - id));
        return id % 3 == 0 ? builder.broadcast() : builder;
    }

    private Stage add(Stage stage) {
        Stage sound =
                stage.rowsMax() > 0 && stage.purity() == Purity.IMPURE
                        ? withoutRowsMax(stage)
                        : stage;
        stages.put(sound.id(), sound);
        sizes.put(sound.id(), sound.partitions());
        taskCount += sound.partitions();
        return sound;
    }

    private static Stage withoutRowsMax(Stage s) {
        return new Stage(
                s.id(),
                s.name(),
                s.partitions(),
                s.program(),
                s.inputs(),
                s.purity(),
                s.wanted(),
                s.growing(),
                s.broadcast(),
                0,
                s.limits(),
                s.priority());
    }

    /// What `count` more tasks of a growing stage read: some of `candidates` and of the tasks
    /// before them.
    Edges edges(Stage growing, int count, List<Stage> candidates) {
        var edges = Edges.builder();
        int first = size(growing.id());
        for (int row = 0; row < count; row++) {
            int p = first + row;
            var inputs = new ArrayList<Long>();
            for (int i = random.nextInt(4); i > 0; i--) {
                Stage input = candidates.get(random.nextInt(candidates.size()));
                int size = input.id() == growing.id() ? p : size(input.id());
                if (size > 0 && input.rowsMax() == 0) {
                    int q = random.nextInt(Math.max(0, size - 10), size);
                    edges.input(input.id(), q);
                    inputs.add(((long) input.id() << 32) | q);
                }
            }
            edges.endRow();
            listed.put(((long) growing.id() << 32) | p, inputs);
        }
        sizes.put(growing.id(), first + count);
        taskCount += count;
        return edges.build();
    }

    /// What a task lists, packed as task keys are.
    List<Long> listed(int stage, int p) {
        return listed.getOrDefault(((long) stage << 32) | p, List.of());
    }

    /// The rows of any output of the task.
    static int rows(int stage, int p) {
        return (int) ((Chunk.mix(stage, p) >>> 1) % 10);
    }
}
