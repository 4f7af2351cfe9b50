package dev.quiver.expression;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.util.List;

/// Cuts the text of an expression into words, names, numbers, texts and signs.
final class Lexer {
    private static final int TEXT_CHARS_MAX = 1 << 20;
    private static final int CONTEXT_CHARS = 60;
    private static final List<String> LONG_SIGNS =
            List.of("<=", ">=", "<>", "!=", "==", "||", "//");
    private static final String SIGNS = "()+-*/%,<>=?";

    enum Kind {
        WORD,
        QUOTED_NAME,
        NUMBER,
        TEXT,
        SIGN,
        END
    }

    /// @param text of a name or text without its quotes
    record Token(Kind kind, String text, int start, int end) {
        boolean is(String wordOrSign) {
            return (kind == Kind.WORD || kind == Kind.SIGN) && text.equalsIgnoreCase(wordOrSign);
        }
    }

    private final String source;
    private Token current;

    Lexer(String source) {
        this.source = source;
        this.current = new Token(Kind.END, "", 0, 0);
        if (source.length() > TEXT_CHARS_MAX)
            throw new QuiverException(
                    ErrorCode.EXPRESSION_INVALID,
                    "an expression of %d characters".formatted(source.length()),
                    List.of(),
                    "the longest has %d; use isIn(…) for long lists".formatted(TEXT_CHARS_MAX));
        current = scan(0);
    }

    String source() {
        return source;
    }

    Token current() {
        return current;
    }

    /// The current token, having gone on to the next.
    Token next() {
        Token token = current;
        current = scan(token.end());
        return token;
    }

    /// Goes on at a position found by another reader.
    void continueAt(int position) {
        current = scan(position);
    }

    boolean accept(String wordOrSign) {
        if (!current.is(wordOrSign)) return false;
        next();
        return true;
    }

    void expect(String wordOrSign) {
        if (!accept(wordOrSign)) throw unexpected("'" + wordOrSign + "'");
    }

    private Token scan(int from) {
        int start = from;
        while (start < source.length() && Character.isWhitespace(source.charAt(start))) start++;
        if (start == source.length()) return new Token(Kind.END, "", start, start);
        char letter = source.charAt(start);
        if (letter == '\'') return quoted(start, '\'', Kind.TEXT);
        if (letter == '"' || letter == '`') return quoted(start, letter, Kind.QUOTED_NAME);
        if (digit(start) || (letter == '.' && digit(start + 1))) return number(start);
        if (Character.isJavaIdentifierStart(letter)) return word(start);
        for (String sign : LONG_SIGNS) {
            if (source.startsWith(sign, start))
                return new Token(Kind.SIGN, sign, start, start + sign.length());
        }
        if (SIGNS.indexOf(letter) >= 0)
            return new Token(Kind.SIGN, String.valueOf(letter), start, start + 1);
        throw error("'%s' has no meaning here".formatted(letter), start, "remove it, or quote it");
    }

    private boolean digit(int at) {
        return at < source.length() && source.charAt(at) >= '0' && source.charAt(at) <= '9';
    }

    private Token quoted(int start, char quote, Kind kind) {
        var text = new StringBuilder();
        int at = start + 1;
        while (at < source.length()) {
            char letter = source.charAt(at);
            boolean doubled = at + 1 < source.length() && source.charAt(at + 1) == quote;
            if (letter == quote && !doubled) return new Token(kind, text.toString(), start, at + 1);
            text.append(letter);
            at += letter == quote ? 2 : 1;
        }
        throw error("a quote without its end", start, "close it with " + quote);
    }

    private Token word(int start) {
        int end = start;
        while (end < source.length() && Character.isJavaIdentifierPart(source.charAt(end))) end++;
        return new Token(Kind.WORD, source.substring(start, end), start, end);
    }

    private Token number(int start) {
        int end = digits(start);
        if (end < source.length() && source.charAt(end) == '.') end = digits(end + 1);
        if (end < source.length() && (source.charAt(end) == 'e' || source.charAt(end) == 'E')) {
            int exponent = end + 1;
            if (exponent < source.length()
                    && (source.charAt(exponent) == '+' || source.charAt(exponent) == '-'))
                exponent++;
            if (digit(exponent)) end = digits(exponent);
        }
        if (end < source.length() && Character.isJavaIdentifierStart(source.charAt(end)))
            throw error(
                    "a number that goes on with a letter",
                    end,
                    "put a blank or an operator between, or quote the name: \"2nd\"");
        return new Token(Kind.NUMBER, source.substring(start, end), start, end);
    }

    private int digits(int start) {
        int end = start;
        while (digit(end)) end++;
        return end;
    }

    QuiverException unexpected(String expected) {
        String found =
                current.kind() == Kind.END
                        ? "the end"
                        : "'" + source.substring(current.start(), current.end()) + "'";
        return error(
                "expected %s, found %s".formatted(expected, found),
                current.start(),
                "expressions look like: amount * (1 - discount) > 100 and region = 'EU'");
    }

    /// An error that points at a character.
    QuiverException error(String what, int at, String fix) {
        int from = Math.max(0, at - CONTEXT_CHARS);
        int to = Math.min(source.length(), at + CONTEXT_CHARS);
        String before = from > 0 ? "…" : "";
        String line =
                before
                        + source.substring(from, to).replaceAll("\\s", " ")
                        + (to < source.length() ? "…" : "");
        String pointer = " ".repeat(before.length() + at - from) + "^ character " + (at + 1);
        return new QuiverException(
                ErrorCode.EXPRESSION_INVALID, what, List.of("in: " + line, "    " + pointer), fix);
    }
}
