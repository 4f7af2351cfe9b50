package dev.quiver.io.csv;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.operator.CsvFormat;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// The names of a file's columns.
final class CsvHeader {
    private static final String OTHER_DELIMITERS = ";\t|,";

    private CsvHeader() {}

    /// The fields of a header line, without its line end: quotes taken off. An empty name becomes
    /// `c` and the column's number, from 1.
    static List<String> names(String line, CsvFormat format) {
        var names = new ArrayList<String>();
        int at = 0;
        while (true) {
            var name = new StringBuilder();
            if (at < line.length() && line.charAt(at) == format.quote()) {
                at = quoted(line, at + 1, format, name);
            } else {
                while (at < line.length() && line.charAt(at) != format.delimiter())
                    name.append(line.charAt(at++));
            }
            names.add(name.isEmpty() ? name(names.size()) : name.toString());
            if (at >= line.length()) return names;
            at++;
        }
    }

    private static int quoted(String line, int from, CsvFormat format, StringBuilder name) {
        char quote = format.quote();
        char escape = format.escape();
        int at = from;
        while (at < line.length()) {
            char c = line.charAt(at++);
            char next = at < line.length() ? line.charAt(at) : '\n';
            if (c == escape && (next == quote || next == escape)) {
                name.append(next);
                at++;
            } else if (c == quote) {
                return at;
            } else {
                name.append(c);
            }
        }
        return at;
    }

    /// The name of a column that has none.
    static String name(int index) {
        return "c" + (index + 1);
    }

    /// @throws QuiverException COLUMN_DUPLICATE
    static void checkDistinct(List<String> names, String place) {
        var first = new LinkedHashMap<String, Integer>();
        for (int i = 0; i < names.size(); i++) {
            Integer before = first.putIfAbsent(names.get(i), i);
            if (before != null)
                throw new QuiverException(
                        ErrorCode.COLUMN_DUPLICATE,
                        "the header has '%s' twice".formatted(names.get(i)),
                        List.of("%s, columns %d and %d".formatted(place, before + 1, i + 1)),
                        "rename one in the file, or say .header(false) and give names with"
                                + " .schema(…)");
        }
    }

    /// What to say when a header of one column seems to use another delimiter.
    static Optional<String> hint(List<String> names, String path, CsvFormat format) {
        if (names.size() != 1) return Optional.empty();
        for (int i = 0; i < OTHER_DELIMITERS.length(); i++) {
            char other = OTHER_DELIMITERS.charAt(i);
            if (other != format.delimiter() && names.getFirst().indexOf(other) >= 0)
                return Optional.of(
                        "the header of %s is one column that holds '%s': did you mean .delimiter('%s')?"
                                .formatted(
                                        path,
                                        CsvTrouble.printed(other),
                                        CsvTrouble.printed(other)));
        }
        return Optional.empty();
    }
}
