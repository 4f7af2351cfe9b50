package dev.quiver.graph;

import dev.quiver.operator.Program;
import java.util.ArrayList;
import java.util.List;

/// Tasks that do the same to different partitions.
///
/// @param id unique in the scheduler's life; whoever submits draws ids from one counter, so that
///   they are dense
/// @param name what people read
/// @param partitions how many tasks it has; with `growing`, how many it has at first
/// @param program what each task does; opaque to scheduler and protocol
/// @param inputs what each task reads; a program's input `i` is element `i`
/// @param purity what may be assumed when a task runs again
/// @param wanted true when outputs stay until the client releases them, false when they go as soon
///   as no dependent needs them. A stage without dependents in its graph that isn't wanted never
///   runs
/// @param growing true when tasks are appended while it runs; it then reads [Dependency.Listed] or
///   nothing
/// @param broadcast true when a worker that has read an output keeps its copy until the output is
///   freed, since more of its tasks will read it
/// @param rowsMax when the partitions from the first up to some partition hold this many rows
///   together, the partitions behind are dropped and count as empty; 0 = no limit. Such a stage
///   starts with one task, then two, four, …
/// @param limits what one task may cost
/// @param priority see [Priority]
public record Stage(
        int id,
        String name,
        int partitions,
        Program program,
        List<Dependency> inputs,
        Purity purity,
        boolean wanted,
        boolean growing,
        boolean broadcast,
        long rowsMax,
        TaskLimits limits,
        long priority) {
    /// The most partitions a stage can have.
    public static final int PARTITIONS_MAX = 1 << 28;

    public Stage {
        inputs = List.copyOf(inputs);
        require(id >= 0, name, "id=%d, must be >= 0".formatted(id));
        require(
                partitions >= (growing ? 0 : 1) && partitions <= PARTITIONS_MAX,
                name,
                "partitions=%d, must be in 1 to %d".formatted(partitions, PARTITIONS_MAX));
        require(rowsMax >= 0, name, "rowsMax=%d, must be >= 0".formatted(rowsMax));
        int listed = 0;
        for (Dependency input : inputs) {
            switch (input) {
                case Dependency.OfStage other -> {
                    require(!growing, name, "a growing stage reads listed tasks only");
                    require(other.stage() != id, name, "reads itself other than by listed tasks");
                }
                case Dependency.Listed _ -> listed++;
            }
            if (input instanceof Dependency.Shuffle(_, int slices)) {
                require(
                        slices == partitions,
                        name,
                        "%d slices for %d partitions".formatted(slices, partitions));
            }
        }
        require(listed <= 1, name, "lists tasks twice");
    }

    private static void require(boolean holds, String name, String what) {
        if (!holds) {
            throw new IllegalArgumentException("stage '%s': %s".formatted(name, what));
        }
    }

    /// The same stage with another form of its program.
    public Stage withProgram(Program other) {
        return with(other, inputs, wanted);
    }

    /// The same stage reading something else.
    public Stage withInputs(List<Dependency> others) {
        return with(program, others, wanted);
    }

    /// The same stage with outputs that stay until they are released.
    public Stage asWanted() {
        return with(program, inputs, true);
    }

    private Stage with(Program runs, List<Dependency> reads, boolean stays) {
        return new Stage(
                id,
                name,
                partitions,
                runs,
                reads,
                purity,
                stays,
                growing,
                broadcast,
                rowsMax,
                limits,
                priority);
    }

    /// Starts a deterministic stage of one partition without inputs and limits.
    public static Builder builder(int id, String name, Program program) {
        return new Builder(id, name, program);
    }

    /// Writes a stage down part by part.
    public static final class Builder {
        private final int id;
        private final String name;
        private final Program program;
        private final List<Dependency> inputs = new ArrayList<>();
        private int partitions = 1;
        private Purity purity = Purity.DETERMINISTIC;
        private boolean wanted;
        private boolean growing;
        private boolean broadcast;
        private long rowsMax;
        private TaskLimits limits = TaskLimits.NONE;
        private long priority;

        private Builder(int id, String name, Program program) {
            this.id = id;
            this.name = name;
            this.program = program;
        }

        public Builder partitions(int count) {
            this.partitions = count;
            return this;
        }

        public Builder input(Dependency dependency) {
            inputs.add(dependency);
            return this;
        }

        public Builder purity(Purity value) {
            this.purity = value;
            return this;
        }

        public Builder wanted() {
            this.wanted = true;
            return this;
        }

        /// Lets tasks be appended while the stage runs; it starts with `count` tasks.
        public Builder growing(int count) {
            this.growing = true;
            this.partitions = count;
            return this;
        }

        /// Lets workers keep the copies that they have read.
        public Builder broadcast() {
            this.broadcast = true;
            return this;
        }

        public Builder rowsMax(long rows) {
            this.rowsMax = rows;
            return this;
        }

        public Builder limits(TaskLimits value) {
            this.limits = value;
            return this;
        }

        public Builder priority(long value) {
            this.priority = value;
            return this;
        }

        public Stage build() {
            return new Stage(
                    id,
                    name,
                    partitions,
                    program,
                    inputs,
                    purity,
                    wanted,
                    growing,
                    broadcast,
                    rowsMax,
                    limits,
                    priority);
        }
    }
}
