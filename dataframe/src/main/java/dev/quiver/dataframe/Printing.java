package dev.quiver.dataframe;

import dev.quiver.expression.Expression;
import dev.quiver.expression.ExpressionPrinter;

/// Expressions in messages: as text, cut when long.
final class Printing {
    private static final int TEXT_MAX = 70;

    private Printing() {}

    static String text(Expression tree) {
        String text = ExpressionPrinter.brief(tree);
        return text.length() <= TEXT_MAX ? text : text.substring(0, TEXT_MAX - 1) + "…";
    }
}
