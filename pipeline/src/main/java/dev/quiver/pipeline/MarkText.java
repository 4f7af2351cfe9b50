package dev.quiver.pipeline;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;

/// Values of a high-water mark as texts, which name their type: `whole 17`.
final class MarkText {
    private MarkText() {}

    /// @throws QuiverException with the code `TYPE_MISMATCH` when values of this class don't serve
    static String of(Object value, String column) {
        return switch (value) {
            case Byte _, Short _, Integer _, Long _ -> "whole " + value;
            case BigInteger number -> "decimal " + number;
            case BigDecimal number -> "decimal " + number.toPlainString();
            case LocalDate date -> "date " + date;
            case LocalDateTime time -> "time " + time;
            case Instant instant -> "instant " + instant;
            case String text -> "text " + text;
            default ->
                    throw new QuiverException(
                            ErrorCode.TYPE_MISMATCH,
                            "the high-water mark '%s' has values of class %s"
                                    .formatted(column, value.getClass().getSimpleName()),
                            List.of(),
                            "use a column of whole numbers, decimals, dates, timestamps or texts");
        };
    }

    static Object value(String text) {
        int blank = text.indexOf(' ');
        String value = text.substring(blank + 1);
        return switch (text.substring(0, blank)) {
            case "whole" -> Long.valueOf(value);
            case "decimal" -> new BigDecimal(value);
            case "date" -> LocalDate.parse(value);
            case "time" -> LocalDateTime.parse(value);
            case "instant" -> Instant.parse(value);
            case "text" -> value;
            default ->
                    throw new QuiverException(
                            ErrorCode.FILE_CORRUPT,
                            "the ledger's high-water mark '%s' is of an unknown type"
                                    .formatted(text),
                            List.of(),
                            "use the version of Quiver that wrote it");
        };
    }
}
