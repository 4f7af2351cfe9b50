package dev.quiver.dashboard;

import dev.quiver.dashboard.JobView.StageView;
import dev.quiver.protocol.JobDescription;
import dev.quiver.protocol.JobDescription.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The stages of a job as a picture: what is read on the left of what reads it, a card a stage,
/// with what each of its steps did. SVG without scripts and styles of its own; the classes are
/// those of `app.css`.
final class PlanPicture {
    private static final int CARD_WIDTH = 300;
    private static final int GAP_X = 76;
    private static final int GAP_Y = 22;
    private static final int EDGE = 8;
    private static final int PAD = 12;
    private static final int HEAD = 34;
    private static final int STEP = 42;
    private static final int FOOT = 44;
    private static final int LABEL_MAX = 42;
    private static final int BASELINE = 16;
    private static final int LINE = 16;
    private static final long NANOS_PER_MICRO = 1000;

    private final JobView job;
    private final long nanos;
    private final Map<Integer, Integer> levels = new HashMap<>();
    private final Map<Integer, Place> places = new HashMap<>();
    private final StringBuilder svg = new StringBuilder();

    /// Of a card, in pixels.
    private record Place(int x, int y, int height) {}

    private PlanPicture(JobView job) {
        this.job = job;
        this.nanos = Math.max(1, job.nanos());
    }

    static String of(JobView job) {
        return new PlanPicture(job).drawn();
    }

    private String drawn() {
        lay();
        int width =
                places.values().stream().mapToInt(p -> p.x() + CARD_WIDTH).max().orElse(0) + EDGE;
        int height =
                places.values().stream().mapToInt(p -> p.y() + p.height()).max().orElse(0) + EDGE;
        svg.append(
                """
                <svg xmlns="http://www.w3.org/2000/svg" class="plan" role="group" \
                aria-label="The stages of the query" width="%d" height="%d" viewBox="0 0 %d %d">
                """
                        .formatted(width, height, width, height));
        for (StageView stage : job.stages())
            for (JobDescription.Read read : stage.steps().reads()) edge(stage, read);
        for (StageView stage : job.stages()) card(stage);
        return svg.append("</svg>\n").toString();
    }

    /// The result is on the right; a stage is one column left of the leftmost that reads it.
    private void lay() {
        for (StageView stage : job.stages().reversed()) {
            int level = levels.computeIfAbsent(stage.id(), _ -> 0);
            for (JobDescription.Read read : stage.steps().reads())
                levels.merge(read.stage(), level + 1, Math::max);
        }
        int last =
                job.stages().stream().mapToInt(s -> levels.getOrDefault(s.id(), 0)).max().orElse(0);
        Map<Integer, Integer> bottoms = new TreeMap<>();
        for (StageView stage : job.stages()) {
            int column = last - levels.getOrDefault(stage.id(), 0);
            int y = bottoms.getOrDefault(column, EDGE);
            int steps = stage.steps().steps().stream().mapToInt(PlanPicture::height).sum();
            int height = HEAD + steps + FOOT;
            places.put(stage.id(), new Place(EDGE + column * (CARD_WIDTH + GAP_X), y, height));
            bottoms.put(column, y + height + GAP_Y);
        }
    }

    private void edge(StageView to, JobDescription.Read read) {
        Place from = places.get(read.stage());
        Place there = places.get(to.id());
        if (from == null || there == null) return; // what ran before is kept
        int x = from.x() + CARD_WIDTH;
        int y = from.y() + HEAD / 2;
        int toY = there.y() + HEAD / 2;
        int middle = (x + there.x()) / 2;
        svg.append(
                "<path class=\"edge\" d=\"M%d %dC%d %d %d %d %d %d\"/>\n"
                        .formatted(x, y, middle, y, middle, toY, there.x(), toY));
        String how =
                switch (read.way()) {
                    case ONE -> "one by one";
                    case ALL -> "all of it";
                    case SLICES -> "slices";
                    case RANGE -> "some each";
                };
        text("quiet", there.x() - EDGE, toY - EDGE, "end", how, how);
    }

    private void card(StageView stage) {
        Place at = places.get(stage.id());
        if (at == null)
            throw new IllegalStateException("stage %d has no place".formatted(stage.id()));
        boolean failed = stage.status().filter(s -> s.failed() > 0).isPresent();
        svg.append(
                "<g class=\"stage%s\"><rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"8\"/>\n"
                        .formatted(failed ? " bad" : "", at.x(), at.y(), CARD_WIDTH, at.height()));
        String done =
                stage.status()
                        .map(s ->
                                "%s / %s"
                                        .formatted(
                                                Markup.count(s.finished() + s.dropped()),
                                                Markup.count(s.total())))
                        .orElse("");
        text("quiet", at.x() + PAD, at.y() + HEAD - PAD, "start", "stage " + stage.id(), "");
        text(
                "quiet",
                at.x() + CARD_WIDTH - PAD,
                at.y() + HEAD - PAD,
                "end",
                done,
                "partitions done");
        int y = at.y() + HEAD;
        List<Step> steps = stage.steps().steps();
        for (int i = 0; i < steps.size(); i++) {
            step(stage, i, at.x(), y);
            y += height(steps.get(i));
        }
        foot(stage, at.x(), y);
        svg.append("</g>\n");
    }

    private static int height(Step step) {
        return step.place().isEmpty() ? STEP : STEP + LINE;
    }

    private void step(StageView stage, int i, int x, int y) {
        Step step = stage.steps().steps().get(i);
        long share = stage.nanos(i) * (CARD_WIDTH - 2L) / nanos;
        if (share > 0)
            svg.append(
                    "<rect class=\"share\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>\n"
                            .formatted(x + 1, y, share, height(step) - 2));
        text(
                "step",
                x + PAD,
                y + BASELINE,
                "start",
                Markup.cut(step.label(), LABEL_MAX),
                step.label());
        var facts = new ArrayList<String>();
        String expected = (step.exact() ? "" : "about ") + Markup.count(step.rows());
        if (!stage.isMeasured()) facts.add("expected: %s rows".formatted(expected));
        else {
            facts.add("%s rows".formatted(Markup.count(stage.rows(i))));
            if (stage.rows(i) != step.rows()) facts.add("expected " + expected);
        }
        text("quiet", x + PAD, y + BASELINE + LINE, "start", String.join(" · ", facts), "");
        text(
                "quiet",
                x + PAD,
                y + BASELINE + 2 * LINE,
                "start",
                Markup.cut(step.place(), LABEL_MAX),
                step.place());
        if (stage.nanos(i) > 0)
            text(
                    "quiet",
                    x + CARD_WIDTH - PAD,
                    y + BASELINE + LINE,
                    "end",
                    Markup.duration(stage.nanos(i) / NANOS_PER_MICRO),
                    "time in this step, all slots together");
    }

    private void foot(StageView stage, int x, int y) {
        Spread spread = stage.spread();
        if (spread.partitions() < 2) {
            stage.status()
                    .filter(s -> s.bytes() > 0)
                    .ifPresent(s ->
                            text(
                                    "quiet",
                                    x + PAD,
                                    y + BASELINE,
                                    "start",
                                    "output: " + Markup.bytes(s.bytes()),
                                    ""));
            return;
        }
        Spread.Range rows = spread.rows();
        Spread.Range micros = spread.micros();
        String why = "the smallest, the one in the middle, the largest";
        text(
                "quiet",
                x + PAD,
                y + BASELINE,
                "start",
                "rows a partition: %s – %s – %s"
                        .formatted(
                                Markup.count(rows.min()),
                                Markup.count(rows.median()),
                                Markup.count(rows.max())),
                why);
        text(
                spread.isSkewed() ? "skewed" : "quiet",
                x + PAD,
                y + BASELINE + LINE,
                "start",
                "%stime: %s – %s – %s"
                        .formatted(
                                spread.isSkewed() ? "skewed! " : "",
                                Markup.duration(micros.min()),
                                Markup.duration(micros.median()),
                                Markup.duration(micros.max())),
                why);
    }

    /// @param more what a pointer that rests there is told; may be empty
    private void text(String kind, int x, int y, String anchor, String text, String more) {
        if (text.isEmpty()) return;
        svg.append("<text class=\"%s\" x=\"%d\" y=\"%d\"".formatted(kind, x, y));
        if (!anchor.equals("start")) svg.append(" text-anchor=\"%s\"".formatted(anchor));
        svg.append('>');
        if (!more.isEmpty() && !more.equals(text))
            svg.append("<title>").append(Markup.escaped(more)).append("</title>");
        svg.append(Markup.escaped(text)).append("</text>\n");
    }
}
