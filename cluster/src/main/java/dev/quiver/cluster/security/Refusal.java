package dev.quiver.cluster.security;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// That somebody isn't let in, as the text of a status.
public final class Refusal {
    private static final String FIX = "; fix: ";

    private Refusal() {}

    static String text(QuiverException refusal) {
        return refusal.what() + FIX + refusal.fix();
    }

    /// What was told.
    ///
    /// @param place who told it
    /// @param text of the status
    public static QuiverException read(String place, @Nullable String text, Throwable cause) {
        String told = text == null ? "it doesn't say why" : text;
        int cut = told.indexOf(FIX);
        return new QuiverException(
                ErrorCode.ACCESS_DENIED,
                "%s doesn't let this process in: %s"
                        .formatted(place, cut < 0 ? told : told.substring(0, cut)),
                List.of(),
                cut < 0 ? "see its log" : told.substring(cut + FIX.length()),
                cause);
    }
}
