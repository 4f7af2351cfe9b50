package dev.quiver.dataframe;

import dev.quiver.expression.Function;

/// What can be done with a text; see [Expr#str].
///
/// ```java
/// flights.filter(col("dest").str().startsWith("S"))
/// ```
///
/// Positions and lengths count code points. Letters change case as the root locale says.
public final class TextExpr {
    private final TreeExpr text;

    TextExpr(TreeExpr text) {
        this.text = text;
    }

    public Expr lower() {
        return text.call(Function.LOWER);
    }

    public Expr upper() {
        return text.call(Function.UPPER);
    }

    /// Without spaces at both ends.
    public Expr trim() {
        return text.call(Function.TRIM);
    }

    public Expr length() {
        return text.call(Function.LENGTH);
    }

    /// Whether `part`, an [Expr] or a literal, occurs in it; a text, not a pattern.
    public Expr contains(Object part) {
        return text.call(Function.CONTAINS, part);
    }

    public Expr startsWith(Object prefix) {
        return text.call(Function.STARTS_WITH, prefix);
    }

    public Expr endsWith(Object suffix) {
        return text.call(Function.ENDS_WITH, suffix);
    }

    /// Whether the regular expression (RE2 syntax) occurs in it.
    public Expr matches(String regex) {
        return text.call(Function.MATCHES, regex);
    }

    /// `length` code points from position `from`; the first is 1.
    public Expr substring(int from, int length) {
        return text.call(Function.SUBSTRING, (long) from, (long) length);
    }

    /// From position `from` to the end; the first is 1.
    public Expr substring(int from) {
        return text.call(Function.SUBSTRING, (long) from);
    }

    /// With each `part` replaced; texts, not patterns.
    public Expr replace(String part, String replacement) {
        return text.call(Function.REPLACE, part, replacement);
    }

    /// The date that it says, in the letters of [java.time.format.DateTimeFormatter]: `dd.MM.yyyy`,
    /// `d MMM yyyy` with English names. `yy` means 2000 to 2099. A text of another form, or of a
    /// day that doesn't exist, stops the query.
    public Expr toDate(String pattern) {
        return text.call(Function.TO_DATE, pattern);
    }

    /// The timestamp that it says, as [#toDate] takes it: `MM/dd/yyyy hh:mm a`. Microseconds
    /// (nanoseconds where the pattern has so many digits), at midnight where it has no time of day;
    /// in UTC where it has a zone or an offset.
    public Expr toTimestamp(String pattern) {
        return text.call(Function.TO_TIMESTAMP, pattern);
    }
}
