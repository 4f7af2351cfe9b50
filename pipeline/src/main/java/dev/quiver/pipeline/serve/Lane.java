package dev.quiver.pipeline.serve;

import dev.quiver.pipeline.Pipeline;
import dev.quiver.pipeline.RunEnd;
import dev.quiver.pipeline.RunObserver;
import dev.quiver.pipeline.RunStart;
import dev.quiver.pipeline.alert.Alert;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A pipeline that is served: when it runs, and how its run stands.
final class Lane {
    private final Served.Entry entry;
    private final Course course;
    private final MemoFile file;
    private volatile Watch watch = new Watch(() -> false);
    private volatile Optional<RunEnd> last = Optional.empty();
    private boolean looking;
    private @Nullable Thread thread;

    private Lane(Served.Entry entry, Course course, MemoFile file) {
        this.entry = entry;
        this.course = course;
        this.file = file;
    }

    static Lane open(Served.Entry entry, MemoFile file) {
        Map<String, Object> object = file.read();
        Memo memo = object.isEmpty() ? Memo.NONE : Memo.of(object);
        List<String> after = entry.pipeline().runsAfter();
        return new Lane(entry, new Course(entry.schedule(), after, memo), file);
    }

    /// Hears of the run that goes on.
    static final class Watch implements RunObserver {
        private final BooleanSupplier stops;
        private volatile @Nullable RunStart start;
        private volatile @Nullable RunEnd end;
        private volatile String step = "";
        private volatile int unitsDone;
        private volatile int units;

        Watch(BooleanSupplier stops) {
            this.stops = stops;
        }

        @Override
        public void began(RunStart run) {
            start = run;
        }

        @Override
        public void stepped(RunStart run, String name, int done, int all) {
            step = name;
            unitsDone = done;
            units = all;
        }

        @Override
        public void ended(RunEnd run) {
            end = run;
        }

        @Override
        public boolean stops() {
            return stops.getAsBoolean();
        }

        Optional<RunStart> start() {
            return Optional.ofNullable(start);
        }

        Optional<RunEnd> end() {
            return Optional.ofNullable(end);
        }
    }

    String name() {
        return entry.name();
    }

    Schedule schedule() {
        return entry.schedule();
    }

    Pipeline pipeline() {
        return entry.pipeline();
    }

    List<Alert> alerts() {
        return entry.alerts();
    }

    Course course() {
        return course;
    }

    /// Brings to the disk what the course remembers.
    void keep() {
        file.write(course.memo().object());
    }

    /// Whether files are looked for right now.
    boolean isLooking() {
        return looking;
    }

    void looks(boolean now) {
        looking = now;
    }

    Watch watch() {
        return watch;
    }

    void runs(Watch observer, Thread in) {
        watch = observer;
        thread = in;
    }

    /// The thread of the run that goes on.
    Optional<Thread> thread() {
        return Optional.ofNullable(thread);
    }

    void ended(Optional<RunEnd> end) {
        thread = null;
        if (end.isPresent()) last = end;
    }

    PipelineStatus status() {
        boolean isRunning = course.isRunning();
        Optional<RunStart> run = isRunning ? watch.start() : Optional.empty();
        return new PipelineStatus(
                name(),
                schedule().timing() instanceof Timing.Behind
                        ? "after " + String.join(", ", pipeline().runsAfter())
                        : schedule().toString(),
                run.map(RunStart::run),
                run.map(RunStart::began),
                isRunning ? watch.step : "",
                isRunning ? watch.unitsDone : 0,
                isRunning ? watch.units : 0,
                last,
                course.due(),
                course.queued(),
                course.skipped());
    }
}
