package dev.quiver.dataframe;

import dev.quiver.expression.Expression;
import dev.quiver.schema.DataType;
import java.util.ArrayList;
import java.util.List;

/// A choice that has its branches so far and the condition of the next.
record Choice(List<Expression.Branch> branches, Expression condition) implements When {
    @Override
    public Then then(Object value) {
        var longer = new ArrayList<>(branches);
        longer.add(new Expression.Branch(condition, Operands.of(value, "then")));
        return new Branches(longer);
    }

    /// A choice whose branches all have values.
    record Branches(List<Expression.Branch> branches) implements Then {
        @Override
        public When when(Expr next) {
            return new Choice(branches, TreeExpr.treeOf(next));
        }

        @Override
        public Expr otherwise(Object value) {
            return new TreeExpr(new Expression.Case(branches, Operands.of(value, "otherwise")));
        }

        @Override
        public Expr otherwiseNull() {
            return new TreeExpr(
                    new Expression.Case(branches, new Expression.Literal(null, DataType.BOOL)));
        }
    }
}
