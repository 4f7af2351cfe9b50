package dev.quiver.expression;

/// An expression and the name of the column that it makes.
public record Named(String name, Expression expression) {
    /// A column under its own name.
    public static Named column(String name) {
        return new Named(name, new Expression.Column(name));
    }
}
