package dev.quiver.dataframe.plan;

import dev.quiver.expression.Expression;
import dev.quiver.expression.Traversal;
import dev.quiver.schema.DataType;
import java.util.Map;

/// Changing expression trees.
public final class Trees {
    public static final Expression TRUE = new Expression.Literal(true, DataType.BOOL);
    public static final Expression FALSE = new Expression.Literal(false, DataType.BOOL);

    private Trees() {}

    /// The tree with columns replaced by what `meanings` has for them.
    public static Expression substitute(Expression tree, Map<String, Expression> meanings) {
        return Traversal.rewrite(
                tree,
                part ->
                        part instanceof Expression.Column(var name)
                                ? meanings.getOrDefault(name, part)
                                : part);
    }
}
