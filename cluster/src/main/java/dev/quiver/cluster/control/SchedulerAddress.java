package dev.quiver.cluster.control;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Where a scheduler is found.
///
/// @param host a name or an address; one of IPv6 in brackets
public record SchedulerAddress(String host, int port) {
    /// The port where nobody names one.
    public static final int PORT = 8786;

    private static final Pattern FORM =
            Pattern.compile("(?:quiver://)?(\\[[0-9a-fA-F:.]+]|[^:/\\[\\]\\s]+)(?::(\\d{1,5}))?/?");
    private static final int PORT_MAX = 65_535;

    /// Reads `quiver://host:port`, `host:port` or `host`.
    ///
    /// @throws QuiverException ARGUMENT_INVALID when it is none
    public static SchedulerAddress parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (matcher.matches()) {
            String port = matcher.group(2);
            int number = port == null ? PORT : Integer.parseInt(port);
            if (number > 0 && number <= PORT_MAX)
                return new SchedulerAddress(matcher.group(1), number);
        }
        throw new QuiverException(
                ErrorCode.ARGUMENT_INVALID,
                "'%s' is no address of a scheduler".formatted(text),
                List.of(),
                "write it as quiver://host:8786");
    }

    /// Reads one or several, separated by commas; `quiver://` before the first is enough.
    ///
    /// @throws QuiverException ARGUMENT_INVALID when it is none, or one is named twice
    public static List<SchedulerAddress> parseAll(String text) {
        List<SchedulerAddress> all =
                Arrays.stream(text.split(",", -1)).map(SchedulerAddress::parse).toList();
        if (Set.copyOf(all).size() == all.size()) return all;
        throw new QuiverException(
                ErrorCode.ARGUMENT_INVALID,
                "'%s' names a scheduler twice".formatted(text),
                List.of(),
                "name each once");
    }

    /// Several, separated by commas.
    public static String text(List<SchedulerAddress> all) {
        return all.stream().map(SchedulerAddress::toString).collect(Collectors.joining(","));
    }

    /// `host:port`.
    @Override
    public String toString() {
        return host + ":" + port;
    }
}
