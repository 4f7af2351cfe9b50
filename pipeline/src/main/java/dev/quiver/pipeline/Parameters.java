package dev.quiver.pipeline;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.NearestName;
import dev.quiver.error.QuiverException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Values by name that stand in paths and names as `${name}`.
record Parameters(SortedMap<String, String> values) {
    private static final Pattern PLACE = Pattern.compile("\\$\\{([^}]*)}");

    Parameters {
        values = new TreeMap<>(values);
    }

    Parameters with(String name, String value) {
        var more = new TreeMap<>(values);
        more.put(name, value);
        return new Parameters(more);
    }

    /// @throws QuiverException with the code `ARGUMENT_INVALID` when there is none of that name
    String value(String name) {
        String value = values.get(name);
        if (value != null) return value;
        throw new QuiverException(
                ErrorCode.ARGUMENT_INVALID,
                "no parameter '%s'".formatted(name),
                List.of("has: " + String.join(", ", values.keySet())),
                NearestName.of(name, List.copyOf(values.keySet()))
                        .map("did you mean '%s'?"::formatted)
                        .orElse("give it with parameter(\"%s\", …)".formatted(name)));
    }

    /// A text with the values in their places.
    String in(String text) {
        Matcher matcher = PLACE.matcher(text);
        var filled = new StringBuilder();
        while (matcher.find())
            matcher.appendReplacement(filled, Matcher.quoteReplacement(value(matcher.group(1))));
        return matcher.appendTail(filled).toString();
    }
}
