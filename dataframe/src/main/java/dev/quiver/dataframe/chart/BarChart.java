package dev.quiver.dataframe.chart;

import java.util.List;
import java.util.Locale;

/// A bar for each of a few things, from zero to its value.
public record BarChart(Caption caption, List<Bar> bars) implements Chart {
    private static final int BAR_HEIGHT = 20;
    private static final int LABEL_MAX = 28;
    private static final int AXIS_HEIGHT = 48;

    /// @param value finite; less than zero goes to the left
    public record Bar(String label, double value) {}

    public BarChart {
        bars = List.copyOf(bars);
    }

    private Scale scale() {
        double min = 0;
        double max = 0;
        for (Bar bar : bars) {
            min = Math.min(min, bar.value());
            max = Math.max(max, bar.value());
        }
        return (min < max
                        ? new Scale(min, max, Scale.Kind.NUMBER)
                        : new Scale(0, 1, Scale.Kind.NUMBER))
                .rounded(8);
    }

    @Override
    public BarChart with(Caption other) {
        return new BarChart(other, bars);
    }

    @Override
    public String svg() {
        double left = 20;
        for (Bar bar : bars)
            left = Math.max(left, 14 + Sheet.width(Sheet.cut(bar.label(), LABEL_MAX)));
        Scale scale = scale();
        int bottom = Sheet.TOP + BAR_HEIGHT * bars.size();
        var sheet = new Sheet(caption, bottom + AXIS_HEIGHT);
        sheet.across(scale, left, bottom, caption.y());
        sheet.label(8, Sheet.TOP - 10, "start", Sheet.cut(caption.x(), 40));
        double span = Sheet.WIDTH - Sheet.RIGHT - left;
        double zero = left + span * scale.at(0);
        double y = Sheet.TOP;
        for (Bar bar : bars) {
            double end = left + span * scale.at(bar.value());
            sheet.label(left - 6, y + 14, "end", Sheet.cut(bar.label(), LABEL_MAX));
            sheet.add(
                    String.format(
                            Locale.ROOT,
                            "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%d\" fill=\"%s\">"
                                    + "<title>%s: %s</title></rect>",
                            Math.min(zero, end),
                            y + 2,
                            Math.abs(end - zero),
                            BAR_HEIGHT - 4,
                            Sheet.MARK,
                            Markup.text(bar.label()),
                            scale.label(bar.value())));
            y += BAR_HEIGHT;
        }
        return sheet.svg();
    }

    @Override
    public String text() {
        Scale scale = scale();
        double most = Double.MIN_NORMAL;
        for (Bar bar : bars) most = Math.max(most, Math.abs(bar.value()));
        double longest = most;
        return TextBars.of(
                caption,
                bars.stream()
                        .map(bar ->
                                new TextBars.Line(
                                        bar.label(),
                                        Math.abs(bar.value()) / longest,
                                        scale.label(bar.value())))
                        .toList());
    }
}
