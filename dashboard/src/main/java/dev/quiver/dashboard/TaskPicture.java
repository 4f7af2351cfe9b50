package dev.quiver.dashboard;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/// When which tasks ran in which slots, as a picture: SVG without scripts.
final class TaskPicture {
    /// Of more, a part is drawn, evenly spread.
    private static final int TASKS_MAX = 4000;

    private static final int WIDTH = 1200;
    private static final int LANE = 16;
    private static final int GAP = 3;
    private static final int AXIS = 20;
    private static final int TICKS = 6;

    /// Okabe and Ito's colours, as the page has them.
    private static final List<String> COLOURS =
            List.of(
                    "#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#b8a800",
                    "#8a8f98");

    private static final String FAILED = "#b3001b";

    private TaskPicture() {}

    /// @param names of stages, by their numbers
    /// @param drawn the stages whose tasks are
    static String of(TaskRing ring, Map<Integer, String> names, IntPredicate drawn) {
        var all = new ArrayList<TaskRing.Ended>();
        for (long i = ring.oldest(); i < ring.head(); i++) {
            TaskRing.Ended task = ring.get(i);
            if (drawn.test(task.stage())) all.add(task);
        }
        int every = Math.max(1, all.size() / TASKS_MAX);
        var tasks = new ArrayList<TaskRing.Ended>();
        for (int i = 0; i < all.size(); i += every) tasks.add(all.get(i));
        if (tasks.isEmpty()) return "";
        long from = tasks.stream().mapToLong(TaskRing.Ended::startMicros).min().orElse(0);
        long to =
                tasks.stream()
                        .mapToLong(t -> t.startMicros() + t.durationMicros())
                        .max()
                        .orElse(from);
        double scale = (double) WIDTH / Math.max(1, to - from);
        SortedMap<Long, Integer> lanes = new TreeMap<>();
        for (TaskRing.Ended task : tasks) lanes.put(lane(task), 0);
        int next = 0;
        for (Map.Entry<Long, Integer> lane : lanes.entrySet()) lane.setValue(next++);
        int height = next * (LANE + GAP) + AXIS;
        var svg = new StringBuilder();
        svg.append(
                """
                <svg xmlns="http://www.w3.org/2000/svg" class="tasks" role="img" \
                aria-label="Which tasks ran when" viewBox="0 0 %d %d">
                """
                        .formatted(WIDTH, height));
        Map<String, Integer> colours = new HashMap<>();
        for (TaskRing.Ended task : tasks) {
            String name = names.getOrDefault(task.stage(), "stage " + task.stage());
            int colour = colours.computeIfAbsent(name, _ -> colours.size()) % COLOURS.size();
            strip(
                    svg,
                    task,
                    lanes.getOrDefault(lane(task), 0),
                    from,
                    scale,
                    COLOURS.get(colour),
                    name);
        }
        axis(svg, height, to - from);
        return svg.append("</svg>\n").toString();
    }

    /// @param micros from its left end to its right end
    private static void axis(StringBuilder svg, int height, long micros) {
        for (int i = 0; i <= TICKS; i++) {
            String anchor = i == 0 ? "start" : i == TICKS ? "end" : "middle";
            svg.append(
                    "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" class=\"quiet\">%s</text>\n"
                            .formatted(
                                    WIDTH * i / TICKS,
                                    height - GAP,
                                    anchor,
                                    Markup.escaped(Markup.duration(micros * i / TICKS))));
        }
    }

    private static long lane(TaskRing.Ended task) {
        return (long) task.worker() << Byte.SIZE | task.lane();
    }

    private static void strip(
            StringBuilder svg,
            TaskRing.Ended task,
            int lane,
            long from,
            double scale,
            String colour,
            String name) {
        svg.append("<rect x=\"")
                .append(tenths((task.startMicros() - from) * scale))
                .append("\" y=\"")
                .append(lane * (LANE + GAP))
                .append("\" width=\"")
                .append(tenths(Math.max(0.4, task.durationMicros() * scale)))
                .append("\" height=\"")
                .append(LANE)
                .append("\" fill=\"")
                .append(task.failed() ? FAILED : colour)
                .append("\"><title>")
                .append(Markup.escaped(name))
                .append(", partition ")
                .append(task.partition())
                .append(", ")
                .append(Markup.duration(task.durationMicros()))
                .append("</title></rect>\n");
    }

    private static double tenths(double value) {
        return Math.round(value * 10) / 10.0;
    }
}
