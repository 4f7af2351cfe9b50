package dev.quiver.dataframe.chart;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Points in a plane, each on its own or joined by a line in their order.
public record PointChart(Caption caption, Scale x, Scale y, List<Point> points, Mark mark)
        implements Chart {
    private static final int LEFT = 72;
    private static final int BOTTOM = 290;
    private static final int HEIGHT = BOTTOM + 48;
    private static final int LAYERS = 8;
    private static final int TEXT_LEFT = 12;
    private static final int TEXT_ROWS = 16;

    public record Point(double x, double y) {}

    /// How points are drawn.
    public enum Mark {
        DOT,
        LINE
    }

    public PointChart {
        points = List.copyOf(points);
        y = y.rounded(6);
    }

    private static double across(double share) {
        return LEFT + (Sheet.WIDTH - Sheet.RIGHT - LEFT) * share;
    }

    private static double up(double share) {
        return BOTTOM - (BOTTOM - Sheet.TOP) * share;
    }

    @Override
    public PointChart with(Caption other) {
        return new PointChart(other, x, y, points, mark);
    }

    @Override
    public String svg() {
        var sheet = new Sheet(caption, HEIGHT);
        sheet.up(y, LEFT, BOTTOM, caption.y());
        sheet.across(x, LEFT, BOTTOM, caption.x());
        boolean joined = mark == Mark.LINE && points.size() > 1;
        if (joined) line(sheet);
        else
            for (int layer = 0; layer < Math.min(LAYERS, points.size()); layer++)
                dots(sheet, layer);
        return sheet.svg();
    }

    private void line(Sheet sheet) {
        sheet.add(
                "<path fill=\"none\" stroke=\"%s\" stroke-width=\"1.8\" stroke-linejoin=\"round\" d=\""
                        .formatted(Sheet.MARK));
        for (int i = 0; i < points.size(); i++) sheet.add((i == 0 ? "M" : "L") + at(i));
        sheet.add("\"/>");
    }

    /// Every eighth dot; layers over one another are darker where there are many.
    private void dots(Sheet sheet, int layer) {
        sheet.add(
                ("<path fill=\"none\" stroke=\"%s\" stroke-width=\"5\" stroke-linecap=\"round\""
                                + " stroke-opacity=\"0.45\" d=\"")
                        .formatted(Sheet.MARK));
        for (int i = layer; i < points.size(); i += LAYERS) sheet.add("M" + at(i) + "h0");
        sheet.add("\"/>");
    }

    private String at(int i) {
        Point point = points.get(i);
        return String.format(
                Locale.ROOT, "%.1f %.1f", across(x.at(point.x())), up(y.at(point.y())));
    }

    @Override
    public String text() {
        int columns = TextBars.COLUMNS - TEXT_LEFT - 1;
        var grid = new boolean[2 * TEXT_ROWS][columns];
        for (Point point : points) set(grid, x.at(point.x()), y.at(point.y()));
        if (mark == Mark.LINE)
            for (int i = 1; i < points.size(); i++) join(grid, points.get(i - 1), points.get(i));
        var text = new StringBuilder(Sheet.cut(caption.title(), TextBars.COLUMNS));
        for (int row = 0; row < TEXT_ROWS; row++) {
            String label = "";
            if (row == 0) label = y.label(y.max());
            if (row == TEXT_ROWS - 1) label = y.label(y.min());
            text.append('\n').append(" ".repeat(Math.max(0, TEXT_LEFT - label.length())));
            text.append(label).append('│').append(line(grid[2 * row], grid[2 * row + 1]));
        }
        String from = x.label(x.min());
        String to = x.label(x.max());
        text.append('\n').append(" ".repeat(TEXT_LEFT + 1)).append(from);
        text.append(" ".repeat(Math.max(1, columns - from.length() - to.length()))).append(to);
        return caption.notes().isEmpty() ? text.toString() : text + "\n" + caption.note();
    }

    private static void set(boolean[][] grid, double across, double up) {
        int row = (int) Math.round((1 - up) * (grid.length - 1));
        int column = (int) Math.round(across * (grid[0].length - 1));
        grid[row][column] = true;
    }

    private void join(boolean[][] grid, Point from, Point to) {
        double length =
                Math.max(
                        Math.abs(x.at(to.x()) - x.at(from.x())) * grid[0].length,
                        Math.abs(y.at(to.y()) - y.at(from.y())) * grid.length);
        for (int i = 1; i < length; i++) {
            double share = i / length;
            set(
                    grid,
                    x.at(from.x() + share * (to.x() - from.x())),
                    y.at(from.y() + share * (to.y() - from.y())));
        }
    }

    private static String line(boolean[] upper, boolean[] lower) {
        var characters = new char[upper.length];
        Arrays.fill(characters, ' ');
        for (int i = 0; i < upper.length; i++) {
            if (upper[i]) characters[i] = lower[i] ? '█' : '▀';
            else if (lower[i]) characters[i] = '▄';
        }
        return new String(characters).stripTrailing();
    }
}
