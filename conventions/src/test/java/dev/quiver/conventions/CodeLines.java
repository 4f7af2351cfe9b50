package dev.quiver.conventions;

import java.util.BitSet;

/// Which lines of a Java source hold code: something other than white space and comment.
final class CodeLines {
    private final BitSet code = new BitSet();

    CodeLines(String text) {
        int line = 1;
        int at = 0;
        while (at < text.length()) {
            int end = endOfToken(text, at);
            boolean isComment = text.startsWith("//", at) || text.startsWith("/*", at);
            for (; at < end; at++) {
                char c = text.charAt(at);
                if (!isComment && !Character.isWhitespace(c)) code.set(line);
                if (c == '\n') line++;
            }
        }
    }

    /// Whether line `line`, counted from 1, holds code.
    boolean isCode(long line) {
        return code.get(Math.toIntExact(line));
    }

    long count() {
        return code.cardinality();
    }

    /// The end of the comment, string, text block, character or single character that starts at
    /// `at`.
    private static int endOfToken(String text, int at) {
        if (text.startsWith("//", at)) return found(text, "\n", at, 0);
        if (text.startsWith("/*", at)) return found(text, "*/", at + 2, 2);
        if (text.startsWith("\"\"\"", at)) return endOfQuoted(text, at + 3, "\"\"\"");
        if (text.charAt(at) == '"') return endOfQuoted(text, at + 1, "\"");
        if (text.charAt(at) == '\'') return endOfQuoted(text, at + 1, "'");
        return at + 1;
    }

    private static int found(String text, String end, int from, int length) {
        int index = text.indexOf(end, from);
        return index < 0 ? text.length() : index + length;
    }

    private static int endOfQuoted(String text, int from, String quote) {
        int at = from;
        while (at < text.length() && !text.startsWith(quote, at)) {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        return Math.min(text.length(), at + quote.length());
    }
}
