package dev.quiver.testkit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/// What two grids with the same columns differ in, as lines of at most 80 characters.
final class Differences {
    private static final int WIDTH = 80;
    private static final int ROWS_MAX = 10;
    private static final int CELL_WIDTH_MAX = 24;
    private static final String GAP = "  ";

    private final Grid expected;
    private final Grid actual;
    private final List<Pair> pairs = new ArrayList<>();

    /// Rows that are shown one under the other, by index; -1 where there is none.
    private record Pair(int expected, int actual) {}

    private record Line(String sign, String row, List<String> cells) {}

    private Differences(Grid expected, Grid actual) {
        this.expected = expected;
        this.actual = actual;
    }

    /// What differs row by row.
    static Optional<String> inOrder(Grid expected, Grid actual) {
        var differences = new Differences(expected, actual);
        int rows = Math.max(expected.rows().size(), actual.rows().size());
        for (int i = 0; i < rows; i++) {
            boolean here = i < expected.rows().size();
            boolean there = i < actual.rows().size();
            if (here && there && expected.rows().get(i).equals(actual.rows().get(i))) continue;
            differences.pairs.add(new Pair(here ? i : -1, there ? i : -1));
        }
        return differences.text();
    }

    /// What rows one has and the other hasn't, however they are ordered; rows that are alike stand
    /// one under the other.
    static Optional<String> inAnyOrder(Grid expected, Grid actual) {
        var differences = new Differences(expected, actual);
        var found = new java.util.HashMap<List<String>, Integer>();
        for (List<String> row : expected.rows()) found.merge(row, 1, Integer::sum);
        var unexpected = new ArrayList<Integer>();
        for (int i = 0; i < actual.rows().size(); i++) {
            if (found.merge(actual.rows().get(i), -1, Integer::sum) < 0) unexpected.add(i);
        }
        for (int i = expected.rows().size() - 1; i >= 0; i--) {
            List<String> row = expected.rows().get(i);
            if (found.getOrDefault(row, 0) <= 0) continue;
            found.merge(row, -1, Integer::sum);
            differences.pairs.addFirst(new Pair(i, -1));
        }
        differences.pairs.replaceAll(pair -> differences.paired(pair, unexpected));
        for (int i : unexpected) differences.pairs.add(new Pair(-1, i));
        return differences.text();
    }

    /// The missing row with the unexpected one that has most cells in common, half of them at
    /// least.
    private Pair paired(Pair missing, List<Integer> unexpected) {
        int best = -1;
        int bestCells = (expected.names().size() - 1) / 2;
        for (int i : unexpected) {
            int cells = expected.names().size() - differing(missing.expected(), i).size();
            if (cells <= bestCells) continue;
            best = i;
            bestCells = cells;
        }
        unexpected.remove((Integer) best);
        return new Pair(missing.expected(), best);
    }

    private List<Integer> differing(int here, int there) {
        var columns = new ArrayList<Integer>();
        for (int c = 0; c < expected.names().size(); c++) {
            if (!expected.rows().get(here).get(c).equals(actual.rows().get(there).get(c)))
                columns.add(c);
        }
        return columns;
    }

    private Optional<String> text() {
        if (pairs.isEmpty()) return Optional.empty();
        var lines = new ArrayList<Line>();
        lines.add(new Line("", "row", expected.names()));
        for (Pair pair : pairs.subList(0, Math.min(ROWS_MAX, pairs.size()))) {
            if (pair.expected() >= 0) lines.add(line("-", pair.expected(), expected));
            if (pair.actual() >= 0) lines.add(line("+", pair.actual(), actual));
        }
        int here = expected.rows().size();
        int there = actual.rows().size();
        var text = new StringBuilder("the rows differ: ");
        text.append(
                here == there
                        ? "%d of %d".formatted(pairs.size(), here)
                        : "%d expected, %d found".formatted(here, there));
        text.append("   (- expected, + found)\n");
        layOut(lines, text);
        if (pairs.size() > ROWS_MAX)
            text.append("  … %d more rows differ\n".formatted(pairs.size() - ROWS_MAX));
        return Optional.of(text.toString().stripTrailing());
    }

    private static Line line(String sign, int row, Grid grid) {
        return new Line(sign, "" + (row + 1), grid.rows().get(row));
    }

    private void layOut(List<Line> lines, StringBuilder text) {
        int rowWidth = lines.stream().mapToInt(line -> line.row().length()).max().orElse(0);
        int[] widths = new int[expected.names().size()];
        for (Line line : lines)
            for (int c = 0; c < widths.length; c++)
                widths[c] = Math.max(widths[c], cut(line.cells().get(c)).length());
        List<Integer> visible = visible(widths, WIDTH - 4 - rowWidth);
        for (Line line : lines) {
            var laid = new StringBuilder("  %1s ".formatted(line.sign()));
            laid.append(" ".repeat(rowWidth - line.row().length())).append(line.row());
            for (int c : visible) {
                String cell = cut(line.cells().get(c));
                laid.append(GAP).append(cell).append(" ".repeat(widths[c] - cell.length()));
            }
            text.append(laid.toString().stripTrailing()).append('\n');
        }
        int hidden = widths.length - visible.size();
        if (hidden > 0)
            text.append("  … %d of %d columns don't fit\n".formatted(hidden, widths.length));
    }

    /// The columns that fit: those that differ come before the others.
    private List<Integer> visible(int[] widths, int width) {
        var differing = new TreeSet<Integer>();
        for (Pair pair : pairs)
            if (pair.expected() >= 0 && pair.actual() >= 0)
                differing.addAll(differing(pair.expected(), pair.actual()));
        var order = new ArrayList<>(differing);
        for (int c = 0; c < widths.length; c++) if (!differing.contains(c)) order.add(c);
        var visible = new ArrayList<Integer>();
        int used = 0;
        for (int c : order) {
            if (used + GAP.length() + widths[c] > width) continue;
            used += GAP.length() + widths[c];
            visible.add(c);
        }
        Collections.sort(visible);
        return visible;
    }

    private static String cut(String cell) {
        if (cell.length() <= CELL_WIDTH_MAX) return cell;
        return cell.substring(0, CELL_WIDTH_MAX - 1) + "…";
    }
}
