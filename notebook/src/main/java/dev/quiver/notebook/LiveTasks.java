package dev.quiver.notebook;

import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// The displays of tasks that haven't ended yet. One thread looks at all of them and sleeps as long
/// as there are none.
public final class LiveTasks {
    private static final long PAUSE_MILLIS = 200;
    private static final LiveTasks OF_PROCESS = new LiveTasks();

    private record Shown(TasksDisplay tasks, LiveDisplay display) {}

    private final List<Shown> open = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService looking =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("quiver-notebook-tasks").factory());
    private boolean isLooking;

    private LiveTasks() {}

    /// Shows futures under the cell that runs, until the last one has ended.
    ///
    /// @return what stands beside the display; empty when the values aren't futures
    public static Optional<Map<String, String>> show(Collection<?> values) {
        Optional<TasksDisplay> tasks = TasksDisplay.of(values);
        return tasks.map(OF_PROCESS::show);
    }

    private Map<String, String> show(TasksDisplay tasks) {
        Map<String, String> bundle = tasks.bundle();
        if (tasks.isFinal()) return bundle;
        Optional<LiveDisplay> display = NotebookFrontEnd.show(bundle);
        if (display.isEmpty()) return bundle;
        add(new Shown(tasks, display.get()));
        return Map.of(MimeBundle.TEXT, tasks.name());
    }

    private synchronized void add(Shown shown) {
        open.add(shown);
        if (isLooking) return;
        isLooking = true;
        var _ = looking.schedule(this::look, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        for (Iterator<Shown> all = open.iterator(); all.hasNext(); ) {
            Shown shown = all.next();
            boolean isFinal = shown.tasks().isFinal();
            shown.display().update(shown.tasks().bundle());
            if (isFinal) open.remove(shown);
        }
        synchronized (this) {
            isLooking = !open.isEmpty();
            if (isLooking) {
                var _ = looking.schedule(this::look, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
            }
        }
    }
}
