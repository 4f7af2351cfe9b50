package dev.quiver.notebook;

import dev.quiver.columnar.memory.ByteSize;
import dev.quiver.dataframe.PlanGraph;
import dev.quiver.dataframe.chart.Markup;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// A plan as a picture: the last step on top, its inputs below, and how many rows go up.
final class PlanPicture {
    private static final int CHARACTERS_MAX = 44;
    private static final double CHARACTER_WIDTH = 7.2;
    private static final int HEIGHT = 46;
    private static final int GAP_DOWN = 34;
    private static final int GAP_ASIDE = 24;
    private static final int MARGIN = 8;

    private final StringBuilder edges = new StringBuilder();
    private final StringBuilder boxes = new StringBuilder();
    private int bottom;

    private PlanPicture() {}

    static Map<String, String> of(PlanGraph plan) {
        var picture = new PlanPicture();
        double width = picture.width(plan.result());
        picture.draw(plan.result(), MARGIN, MARGIN);
        String svg =
                String.format(
                        Locale.ROOT,
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%d\""
                                + " viewBox=\"0 0 %.0f %d\" role=\"img\" aria-label=\"the query's"
                                + " plan\" font-family=\"system-ui, sans-serif\""
                                + " font-size=\"13\">%s%s</svg>",
                        width + 2 * MARGIN,
                        picture.bottom + MARGIN,
                        width + 2 * MARGIN,
                        picture.bottom + MARGIN,
                        picture.edges,
                        picture.boxes);
        var bundle = new LinkedHashMap<String, String>();
        // As HTML, for front ends that put SVG into an image, where it doesn't know the theme.
        bundle.put(MimeBundle.HTML, "<div>" + svg + "</div>");
        bundle.put(MimeBundle.SVG, svg);
        bundle.put(MimeBundle.TEXT, plan.toString());
        return bundle;
    }

    private static String cut(String label) {
        return label.length() <= CHARACTERS_MAX
                ? label
                : label.substring(0, CHARACTERS_MAX - 1) + "…";
    }

    private static double boxWidth(PlanGraph.Step step) {
        int characters = Math.max(cut(step.label()).length(), about(step).length());
        return 24 + CHARACTER_WIDTH * characters;
    }

    /// Of a step and all below it.
    private double width(PlanGraph.Step step) {
        double below = -GAP_ASIDE;
        for (PlanGraph.Step input : step.inputs()) below += width(input) + GAP_ASIDE;
        return Math.max(boxWidth(step), below);
    }

    private static String about(PlanGraph.Step step) {
        return String.format(
                Locale.ROOT,
                "%s%,d rows, %s",
                step.exact() ? "" : "about ",
                step.rows(),
                ByteSize.text(step.bytes()));
    }

    /// @return the middle of its box
    private double draw(PlanGraph.Step step, double left, int top) {
        double middle = left + width(step) / 2;
        box(step, middle, top);
        double below = -GAP_ASIDE;
        for (PlanGraph.Step input : step.inputs()) below += width(input) + GAP_ASIDE;
        double from = middle - below / 2;
        for (PlanGraph.Step input : step.inputs()) {
            int under = top + HEIGHT + GAP_DOWN;
            double at = draw(input, from, under);
            edges.append(
                    String.format(
                            Locale.ROOT,
                            "<path d=\"M%.1f %d C%.1f %d %.1f %d %.1f %d\" fill=\"none\""
                                    + " stroke=\"#888888\" stroke-width=\"1.5\"/>",
                            at,
                            under,
                            at,
                            under - GAP_DOWN / 2,
                            middle,
                            under - GAP_DOWN / 2,
                            middle,
                            top + HEIGHT));
            from += width(input) + GAP_ASIDE;
        }
        return middle;
    }

    private void box(PlanGraph.Step step, double middle, int top) {
        double width = boxWidth(step);
        bottom = Math.max(bottom, top + HEIGHT);
        boxes.append(
                String.format(
                        Locale.ROOT,
                        "<g><title>%s</title><rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\""
                                + " rx=\"6\" fill=\"#0072b2\" fill-opacity=\"0.12\""
                                + " stroke=\"#0072b2\"/><text x=\"%.1f\" y=\"%d\""
                                + " text-anchor=\"middle\" fill=\"currentColor\">%s</text><text"
                                + " x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" font-size=\"11\""
                                + " fill=\"currentColor\" fill-opacity=\"0.7\">%s</text></g>",
                        Markup.text(step.label()),
                        middle - width / 2,
                        top,
                        width,
                        HEIGHT,
                        middle,
                        top + 19,
                        Markup.text(cut(step.label())),
                        middle,
                        top + 36,
                        about(step)));
    }
}
