package dev.quiver.dataframe.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// How many values lie in each of some ranges that follow one another.
///
/// @param scale from the beginning of the first bin to the end of the last
/// @param bins in order
public record BinChart(Caption caption, Scale scale, List<Bin> bins) implements Chart {
    private static final int LEFT = 64;
    private static final int BOTTOM = 290;
    private static final int HEIGHT = BOTTOM + 48;
    private static final int LINES_MAX = 40;

    /// @param to the next one's `from`
    public record Bin(double from, double to, long count) {}

    public BinChart {
        bins = List.copyOf(bins);
    }

    private static long most(List<Bin> bins) {
        return Math.max(1, bins.stream().mapToLong(Bin::count).max().orElse(1));
    }

    private String range(Bin bin) {
        if (scale.kind() == Scale.Kind.TIME) return scale.label(bin.from());
        if (isBeforeWhole(bin.from()) && isBeforeWhole(bin.to())) {
            double last = bin.to() - 0.5;
            String first = String.format(Locale.ROOT, "%,.0f", bin.from() + 0.5);
            return bin.from() + 0.5 == last
                    ? first
                    : String.format(Locale.ROOT, "%s to %,.0f", first, last);
        }
        return "%s to %s".formatted(scale.label(bin.from()), scale.label(bin.to()));
    }

    /// Ranges of whole numbers begin half before their first and end half behind their last.
    private boolean isBeforeWhole(double value) {
        return scale.kind() == Scale.Kind.NUMBER && value - Math.floor(value) == 0.5;
    }

    @Override
    public BinChart with(Caption other) {
        return new BinChart(other, scale, bins);
    }

    @Override
    public String svg() {
        var sheet = new Sheet(caption, HEIGHT);
        Scale up = new Scale(0, (double) most(bins), Scale.Kind.NUMBER).rounded(6);
        sheet.up(up, LEFT, BOTTOM, caption.y());
        sheet.across(scale, LEFT, BOTTOM, caption.x());
        double span = Sheet.WIDTH - Sheet.RIGHT - LEFT;
        for (Bin bin : bins) {
            double x = LEFT + span * scale.at(bin.from());
            double width = span * (scale.at(bin.to()) - scale.at(bin.from()));
            double height = (BOTTOM - Sheet.TOP) * up.at((double) bin.count());
            sheet.add(
                    String.format(
                            Locale.ROOT,
                            "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\""
                                    + " fill=\"%s\"><title>%s: %,d</title></rect>",
                            x,
                            BOTTOM - height,
                            Math.max(0.5, width - 1),
                            height,
                            Sheet.MARK,
                            Markup.text(range(bin)),
                            bin.count()));
        }
        return sheet.svg();
    }

    /// Bins in at most so many lines, several in one where there are more.
    private List<Bin> lines() {
        int together = Math.ceilDiv(bins.size(), LINES_MAX);
        var lines = new ArrayList<Bin>();
        for (int i = 0; i < bins.size(); i += together) {
            List<Bin> some = bins.subList(i, Math.min(bins.size(), i + together));
            long count = some.stream().mapToLong(Bin::count).sum();
            lines.add(new Bin(some.getFirst().from(), some.getLast().to(), count));
        }
        return lines;
    }

    @Override
    public String text() {
        List<Bin> lines = lines();
        double most = most(lines);
        return TextBars.of(
                caption,
                lines.stream()
                        .map(bin ->
                                new TextBars.Line(
                                        range(bin),
                                        bin.count() / most,
                                        String.format(Locale.ROOT, "%,d", bin.count())))
                        .toList());
    }
}
