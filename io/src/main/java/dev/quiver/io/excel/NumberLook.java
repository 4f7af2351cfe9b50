package dev.quiver.io.excel;

import java.util.Locale;

/// What a cell's format shows a number as. Excel has no dates: it has numbers that look so.
enum NumberLook {
    NUMBER,
    /// Days, perhaps with a time of day.
    DATE,
    /// Hours, minutes or seconds of a day.
    TIME,
    /// Hours, minutes or seconds that go on beyond a day, as in `[h]:mm`.
    LENGTH;

    /// The look of a format that every workbook has.
    static NumberLook builtIn(int id) {
        return switch (id) {
            case 14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58 -> DATE;
            case 18, 19, 20, 21, 32, 33, 34, 35, 45, 47, 55, 56 -> TIME;
            case 46 -> LENGTH;
            default -> NUMBER;
        };
    }

    /// The look that a format's text gives, of positive numbers.
    static NumberLook of(String format) {
        var letters = new StringBuilder();
        for (int at = 0; at < format.length(); at++) {
            char c = Character.toLowerCase(format.charAt(at));
            if (c == ';') break;
            if (c == '"') {
                int end = format.indexOf('"', at + 1);
                at = end < 0 ? format.length() : end;
            } else if (c == '\\' || c == '_' || c == '*') {
                at++;
            } else if (c == '[') {
                int end = format.indexOf(']', at);
                String inside = format.substring(at + 1, end < 0 ? format.length() : end);
                if (inside.toLowerCase(Locale.ROOT).matches("h+|m+|s+")) return LENGTH;
                at = end < 0 ? format.length() : end;
            } else letters.append(c);
        }
        return ofLetters(letters.toString());
    }

    private static NumberLook ofLetters(String letters) {
        if (letters.contains("general") || letters.matches(".*e[+-].*")) return NUMBER;
        String rest = letters.replace("am/pm", "h").replace("a/p", "h");
        boolean days = rest.chars().anyMatch(c -> "ydgb".indexOf(c) >= 0);
        boolean hours = rest.chars().anyMatch(c -> c == 'h' || c == 's');
        if (days || rest.contains("mmm")) return DATE;
        if (hours) return TIME;
        return rest.indexOf('m') >= 0 ? DATE : NUMBER;
    }
}
