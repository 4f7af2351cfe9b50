package dev.quiver.io.csv;

import dev.quiver.expression.DatePattern;
import dev.quiver.io.csv.kernel.FieldKind;
import dev.quiver.io.csv.kernel.Fields;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Which of the usual forms of dates, other than ISO's, all texts of a column have so far.
final class DateForms {
    private static final int VALUES_MAX = 1000;
    private static final int BYTES_MAX = 32;
    private static final List<String> DAYS =
            List.of(
                    "d.M.yyyy",
                    "d.M.yy",
                    "M/d/yyyy",
                    "d/M/yyyy",
                    "M/d/yy",
                    "d/M/yy",
                    "yyyy/M/d",
                    "d-M-yyyy",
                    "d-MMM-yyyy",
                    "d MMM yyyy",
                    "MMM d, yyyy");
    private static final List<String> CLOCKS =
            List.of("", " H:mm", " H:mm:ss", " h:mm a", " h:mm:ss a");

    private record Form(String text, boolean isMoment, DatePattern pattern) {}

    /// Made when the first text may be a date, which most files don't have.
    private static final class Usual {
        static final List<Form> FORMS = forms();

        private static List<Form> forms() {
            var forms = new ArrayList<Form>();
            for (String day : DAYS) {
                for (String clock : CLOCKS) {
                    String text = day + clock;
                    forms.add(new Form(text, !clock.isEmpty(), DatePattern.ofMoment(text)));
                }
            }
            return List.copyOf(forms);
        }
    }

    private List<Form> left = List.of();
    private int values;

    void add(Fields fields, NullTokens nulls) {
        for (int row = 0; row < fields.rows(); row++) {
            if ((left.isEmpty() && values > 0) || values == VALUES_MAX) return;
            int quoteBytes = fields.isQuoted(row) ? 1 : 0;
            int start = fields.start(row) + quoteBytes;
            int end = fields.end(row) - quoteBytes;
            if (start == end || nulls.match(fields.data(), start, end)) continue;
            values++;
            left = fitting(fields.data(), start, end);
        }
    }

    private List<Form> fitting(MemorySegment data, int start, int end) {
        if (end - start > BYTES_MAX || FieldKind.of(data, start, end) != FieldKind.TEXT)
            return List.of();
        String text = CsvTrouble.text(data, start, end);
        if (!hasDigitAndSeparator(text)) return List.of();
        List<Form> before = values == 1 ? Usual.FORMS : left;
        return before.stream().filter(form -> form.pattern().matches(text)).toList();
    }

    private static boolean hasDigitAndSeparator(String text) {
        return text.chars().anyMatch(c -> c >= '0' && c <= '9')
                && text.chars().anyMatch(c -> " ./-".indexOf(c) >= 0);
    }

    /// What to say of a text column that looks like dates.
    Optional<String> hint(String column, String path) {
        if (left.isEmpty()) return Optional.empty();
        String calls =
                left.stream()
                        .map(form ->
                                "%s(\"%s\")"
                                        .formatted(
                                                form.isMoment() ? "toTimestamp" : "toDate",
                                                form.text()))
                        .reduce((a, b) -> a + " or " + b)
                        .orElseThrow();
        return Optional.of(
                "'%s' of %s is text that looks like dates: col(\"%s\").str().%s makes them%s"
                        .formatted(
                                column,
                                path,
                                column,
                                calls,
                                left.size() > 1 ? " (its values don't tell which)" : ""));
    }
}
