package dev.quiver.worker.store;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// The rows that a gate turned away in one task: how many broke each rule, and some of them.
///
/// @param rules rows by the name of the rule
/// @param first of each rule, at most [#FIRST_MAX] in all
public record TurnedAway(SortedMap<String, Long> rules, List<BadRow> first) {
    /// So many rows are told of.
    public static final int FIRST_MAX = 6;

    private static final int OF_RULE_MAX = 2;

    private static final int LETTERS_MAX = 300;
    private static final String RULE = "rule";
    private static final String ROW = "row";

    public TurnedAway {
        rules = new TreeMap<>(rules);
        first = List.copyOf(first);
    }

    /// A row as the quarantine has it, its text clipped.
    ///
    /// @param source where it came from; empty when the gate doesn't stand on a file
    /// @param row its line or number there, from 1; 0 when the gate doesn't stand on a file
    /// @param column that the rule is about; empty when it is about no single one
    public record BadRow(String source, long row, String column, String rule, String raw) {}

    /// Counts rows as they are turned away. For one thread.
    public static final class Counting {
        private final SortedMap<String, Long> rules = new TreeMap<>();
        private final List<BadRow> first = new ArrayList<>();

        public void add(BadRow row) {
            long broken = rules.merge(row.rule(), 1L, Long::sum);
            if (broken <= OF_RULE_MAX && first.size() < FIRST_MAX) first.add(row);
        }

        public TurnedAway told() {
            return new TurnedAway(rules, first);
        }
    }

    /// As a line for each rule and row, which [#of] reads.
    public String text() {
        var text = new StringBuilder();
        rules.forEach((rule, rows) -> line(text, RULE, rule, rows.toString()));
        for (BadRow bad : first)
            line(
                    text,
                    ROW,
                    bad.source(),
                    Long.toString(bad.row()),
                    bad.column(),
                    bad.rule(),
                    bad.raw());
        return text.toString();
    }

    private static void line(StringBuilder text, String... fields) {
        for (int i = 0; i < fields.length; i++) {
            if (i > 0) text.append('\t');
            text.append(clipped(fields[i]));
        }
        text.append('\n');
    }

    private static String clipped(String field) {
        boolean fits = field.codePointCount(0, field.length()) <= LETTERS_MAX;
        String shown =
                fits ? field : field.substring(0, field.offsetByCodePoints(0, LETTERS_MAX)) + "…";
        return shown.replaceAll("\\p{Cntrl}", " ");
    }

    /// What [#text] wrote.
    public static TurnedAway of(String text) {
        var rules = new TreeMap<String, Long>();
        var first = new ArrayList<BadRow>();
        for (String line : text.split("\n", -1)) {
            String[] fields = line.split("\t", -1);
            switch (fields[0]) {
                case RULE -> rules.put(fields[1], Long.parseLong(fields[2]));
                case ROW ->
                        first.add(
                                new BadRow(
                                        fields[1],
                                        Long.parseLong(fields[2]),
                                        fields[3],
                                        fields[4],
                                        fields[5]));
                default -> {} // behind the last line
            }
        }
        return new TurnedAway(rules, first);
    }
}
