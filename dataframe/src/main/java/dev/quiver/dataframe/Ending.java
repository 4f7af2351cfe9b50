package dev.quiver.dataframe;

import java.io.Serial;

/// Asterisks for all of a text but its last code points; for all of it when it isn't at least twice
/// as long as those.
final class Ending implements Fn<String, String> {
    @Serial private static final long serialVersionUID = 1;

    /// What stands for a text, however long it was.
    static final String STARS = "***";

    private final int shown;

    /// @param shown how many code points
    Ending(int shown) {
        this.shown = shown;
    }

    @Override
    public String apply(String text) {
        int length = text.codePointCount(0, text.length());
        if (length / 2 < shown) return STARS;
        return STARS + text.substring(text.offsetByCodePoints(text.length(), -shown));
    }

    @Override
    public String toString() {
        return "all but the last %d masked".formatted(shown);
    }
}
