package dev.quiver.expression;

import dev.quiver.error.NearestName;
import dev.quiver.error.QuiverException;
import dev.quiver.expression.Expression.Aggregate;
import dev.quiver.expression.Expression.Branch;
import dev.quiver.expression.Expression.Call;
import dev.quiver.expression.Expression.Case;
import dev.quiver.expression.Expression.Cast;
import dev.quiver.expression.Expression.Column;
import dev.quiver.expression.Expression.In;
import dev.quiver.expression.Expression.Literal;
import dev.quiver.expression.Lexer.Kind;
import dev.quiver.expression.Lexer.Token;
import dev.quiver.schema.DataType;
import dev.quiver.schema.DataTypeParser;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Reads expressions written like SQL: `amount * (1 - discount) > ? and region in ('EU', 'US')`.
///
/// | | |
/// |---|---|
/// | columns | `amount`, `"unit price"` or with backquotes |
/// | constants | `1` int64, `1.5` float64, `'it''s'`, `true`, `null`, `date '2013-01-01'`, `decimal(10,2) '1.50'`, any type and a text |
/// | parameters | `?`, in order |
/// | operators | `or`, `and`, `not`, `= <> < <= > >=`, `is [not] null`, `[not] between … and …`, `[not] in (…)`, `[not] like '…'`, `+ - * / %` |
/// | choice | `case when … then … else … end`, `case x when 1 then … end` |
/// | conversion | `cast(x as decimal(10,2))` |
/// | functions | names of [Function] in lower case: `round(x, 2)`, `substring(s, 1, 3)`, `truncate('month', t)` |
/// | aggregates | `count()`, `sum(x)`, `mean(x)`, `n_unique(x)`, … with `filter (where …)` |
public final class ExpressionParser {
    static final Set<String> RESERVED =
            Set.of(
                    "and", "or", "not", "is", "null", "true", "false", "between", "in", "like",
                    "case", "when", "then", "else", "end", "cast", "as");

    private static final int DEPTH_MAX = 500;
    private static final Map<String, Function> FUNCTIONS = new TreeMap<>();
    private static final Map<String, AggregateFunction> AGGREGATES = new TreeMap<>();

    static {
        for (Function function : Function.values()) {
            FUNCTIONS.put(function.name().toLowerCase(Locale.ROOT), function);
        }
        FUNCTIONS.keySet().removeAll(RESERVED);
        FUNCTIONS.put("ceiling", Function.CEIL);
        FUNCTIONS.put("substr", Function.SUBSTRING);
        FUNCTIONS.put("len", Function.LENGTH);
        FUNCTIONS.put("isnan", Function.IS_NAN);
        FUNCTIONS.put("date_trunc", Function.TRUNCATE);
        FUNCTIONS.put("regexp_matches", Function.MATCHES);
        FUNCTIONS.put("isodow", Function.DAY_OF_WEEK);
        FUNCTIONS.put("dayofyear", Function.DAY_OF_YEAR);
        for (AggregateFunction function : AggregateFunction.values()) {
            AGGREGATES.put(ExpressionPrinter.name(function), function);
        }
        AGGREGATES.put("avg", AggregateFunction.MEAN);
        AGGREGATES.put("variance", AggregateFunction.VARIANCE);
        AGGREGATES.put("var_samp", AggregateFunction.VARIANCE);
        AGGREGATES.put("stddev", AggregateFunction.STANDARD_DEVIATION);
        AGGREGATES.put("stddev_samp", AggregateFunction.STANDARD_DEVIATION);
        AGGREGATES.put("count_distinct", AggregateFunction.COUNT_DISTINCT);
    }

    private final Lexer lexer;
    private final @Nullable Object[] parameters;
    private int parametersUsed;
    private int depth;

    private ExpressionParser(String text, @Nullable Object[] parameters) {
        this.lexer = new Lexer(text);
        this.parameters = parameters;
    }

    /// The expression that the text says.
    ///
    /// @param parameters values for the question marks, in order, as [Literals#of] takes them
    /// @throws QuiverException that points at the character where reading stopped
    public static Expression parse(String text, @Nullable Object... parameters) {
        var parser = new ExpressionParser(text, parameters);
        Expression expression = parser.disjunction();
        if (parser.lexer.current().kind() != Kind.END)
            throw parser.lexer.unexpected("an operator or the end");
        if (parser.parametersUsed < parameters.length)
            throw parser.lexer.error(
                    "%d parameters for %d question marks"
                            .formatted(parameters.length, parser.parametersUsed),
                    text.length(),
                    "give one value for each ?");
        return expression;
    }

    private static Expression call(Function function, Expression... arguments) {
        return new Call(function, Arrays.asList(arguments));
    }

    private Expression disjunction() {
        if (++depth > DEPTH_MAX)
            throw lexer.error(
                    "an expression more than %d levels deep".formatted(DEPTH_MAX),
                    lexer.current().start(),
                    "name parts of it with withColumn first");
        Expression left = conjunction();
        while (lexer.accept("or")) left = call(Function.OR, left, conjunction());
        depth--;
        return left;
    }

    private Expression conjunction() {
        Expression left = negation();
        while (lexer.accept("and")) left = call(Function.AND, left, negation());
        return left;
    }

    private Expression negation() {
        int count = 0;
        while (lexer.accept("not")) count++;
        Expression expression = comparison();
        for (int i = 0; i < count; i++) expression = call(Function.NOT, expression);
        return expression;
    }

    private Expression comparison() {
        Expression left = sum();
        while (true) {
            Optional<Function> sign = comparisonSign(lexer.current());
            if (sign.isPresent()) {
                lexer.next();
                left = call(sign.get(), left, sum());
            } else if (lexer.accept("is")) {
                boolean not = lexer.accept("not");
                lexer.expect("null");
                left = call(not ? Function.IS_NOT_NULL : Function.IS_NULL, left);
            } else if (lexer.current().is("between")
                    || lexer.current().is("in")
                    || lexer.current().is("like")) {
                left = condition(left);
            } else if (lexer.accept("not")) {
                left = call(Function.NOT, condition(left));
            } else {
                return left;
            }
        }
    }

    private static Optional<Function> comparisonSign(Token token) {
        if (token.kind() != Kind.SIGN) return Optional.empty();
        return switch (token.text()) {
            case "=", "==" -> Optional.of(Function.EQUAL);
            case "<>", "!=" -> Optional.of(Function.NOT_EQUAL);
            case "<" -> Optional.of(Function.LESS);
            case "<=" -> Optional.of(Function.LESS_EQUAL);
            case ">" -> Optional.of(Function.GREATER);
            case ">=" -> Optional.of(Function.GREATER_EQUAL);
            default -> Optional.empty();
        };
    }

    private Expression condition(Expression left) {
        if (lexer.accept("between")) {
            Expression low = sum();
            lexer.expect("and");
            Expression high = sum();
            return call(
                    Function.AND,
                    call(Function.GREATER_EQUAL, left, low),
                    call(Function.LESS_EQUAL, left, high));
        }
        if (lexer.accept("in")) return new In(left, values());
        if (lexer.accept("like")) return like(left);
        throw lexer.unexpected("between, in or like");
    }

    private List<Literal> values() {
        lexer.expect("(");
        var values = new ArrayList<Literal>();
        if (lexer.accept(")")) return values;
        do {
            int start = lexer.current().start();
            if (!(unary() instanceof Literal literal))
                throw lexer.error(
                        "a value of in (…) must be a constant",
                        start,
                        "compare with = and or, or join");
            values.add(literal);
        } while (lexer.accept(","));
        lexer.expect(")");
        return values;
    }

    private Expression like(Expression input) {
        Token token = lexer.current();
        if (!(unary() instanceof Literal(var value, _)) || !(value instanceof String pattern))
            throw lexer.error("the pattern must be a text", token.start(), "write like 'abc%'");
        return LikePattern.of(input, pattern);
    }

    private Expression sum() {
        Expression left = product();
        while (true) {
            if (lexer.accept("+")) left = call(Function.ADD, left, product());
            else if (lexer.accept("-")) left = call(Function.SUBTRACT, left, product());
            else if (lexer.current().is("||"))
                throw lexer.error(
                        "'||' isn't an operator here", lexer.current().start(), "use concat(a, b)");
            else return left;
        }
    }

    private Expression product() {
        Expression left = unary();
        while (true) {
            if (lexer.accept("*")) left = call(Function.MULTIPLY, left, unary());
            else if (lexer.accept("/")) left = call(Function.DIVIDE, left, unary());
            else if (lexer.accept("%")) left = call(Function.MODULO, left, unary());
            else if (lexer.current().is("//"))
                throw lexer.error(
                        "'//' isn't an operator here", lexer.current().start(), "use floor(a / b)");
            else return left;
        }
    }

    private Expression unary() {
        if (++depth > DEPTH_MAX)
            throw lexer.error(
                    "an expression more than %d levels deep".formatted(DEPTH_MAX),
                    lexer.current().start(),
                    "name parts of it with withColumn first");
        Expression expression;
        if (lexer.accept("-")) {
            expression =
                    lexer.current().kind() == Kind.NUMBER
                            ? number("-")
                            : call(Function.NEGATE, unary());
        } else if (lexer.accept("+")) {
            expression = unary();
        } else {
            expression = primary();
        }
        depth--;
        return expression;
    }

    private Expression primary() {
        Token token = lexer.current();
        return switch (token.kind()) {
            case NUMBER -> number("");
            case TEXT -> new Literal(lexer.next().text(), DataType.UTF8);
            case QUOTED_NAME -> new Column(lexer.next().text());
            case WORD -> word(token);
            case SIGN, END -> {
                if (lexer.accept("?")) yield parameter(token);
                if (!lexer.accept("("))
                    throw lexer.unexpected("a column, a constant, a function or '('");
                Expression inner = disjunction();
                lexer.expect(")");
                yield inner;
            }
        };
    }

    private Expression parameter(Token mark) {
        if (parametersUsed >= parameters.length)
            throw lexer.error(
                    "no value for this parameter",
                    mark.start(),
                    "give one value for each ?, such as expr(\"amount > ?\", 100)");
        return Literals.of(parameters[parametersUsed++]);
    }

    private Literal number(String sign) {
        Token token = lexer.next();
        String text = sign + token.text();
        boolean whole = token.text().chars().allMatch(Character::isDigit);
        try {
            if (!whole && !isDouble(text)) return Literals.exact(text);
            if (!whole) return new Literal(Double.parseDouble(text), DataType.FLOAT64);
            return new Literal(Long.parseLong(text), DataType.INT64);
        } catch (NumberFormatException _) {
            throw lexer.error(
                    "%s is outside int64".formatted(text),
                    token.start(),
                    "write decimal(38,0) '%s'".formatted(text));
        }
    }

    /// Whether a float64 holds every digit of a number; one with an exponent is a float64 always.
    private static boolean isDouble(String text) {
        if (text.indexOf('e') >= 0 || text.indexOf('E') >= 0) return true;
        double nearest = Double.parseDouble(text);
        return Double.isInfinite(nearest)
                || BigDecimal.valueOf(nearest).compareTo(new BigDecimal(text)) == 0;
    }

    private Expression word(Token token) {
        if (lexer.accept("null")) return new Literal(null, DataType.BOOL);
        if (lexer.accept("true")) return new Literal(true, DataType.BOOL);
        if (lexer.accept("false")) return new Literal(false, DataType.BOOL);
        if (lexer.accept("case")) return choice();
        if (lexer.accept("cast")) return cast();
        if (DataTypeParser.startsType(token.text())) {
            Optional<Literal> literal = typedLiteral(token);
            if (literal.isPresent()) return literal.get();
        }
        if (RESERVED.contains(token.text().toLowerCase(Locale.ROOT)))
            throw lexer.unexpected("a column, a constant, a function or '('");
        lexer.next();
        return lexer.accept("(") ? function(token) : new Column(token.text());
    }

    /// A type followed by a text or `null`; empty when the word is a name.
    private Optional<Literal> typedLiteral(Token token) {
        DataTypeParser.Parsed parsed;
        try {
            parsed = DataTypeParser.parse(lexer.source(), token.start());
        } catch (QuiverException _) {
            return Optional.empty(); // a column or function that is called like a type
        }
        lexer.continueAt(parsed.end());
        Token value = lexer.current();
        if (lexer.accept("null")) return Optional.of(new Literal(null, parsed.type()));
        if (value.kind() != Kind.TEXT) {
            lexer.continueAt(token.start());
            return Optional.empty();
        }
        lexer.next();
        try {
            return Optional.of(
                    new Literal(TextForm.parse(value.text(), parsed.type()), parsed.type()));
        } catch (EvaluationFailure failure) {
            String what = failure.what();
            throw lexer.error(what, value.start(), failure.fix());
        }
    }

    private Expression cast() {
        lexer.expect("(");
        Expression input = disjunction();
        lexer.expect("as");
        DataTypeParser.Parsed parsed =
                DataTypeParser.parse(lexer.source(), lexer.current().start());
        lexer.continueAt(parsed.end());
        lexer.expect(")");
        return new Cast(input, parsed.type());
    }

    private Expression choice() {
        Optional<Expression> subject =
                lexer.current().is("when") ? Optional.empty() : Optional.of(disjunction());
        var branches = new ArrayList<Branch>();
        while (lexer.accept("when")) {
            Expression when = disjunction();
            Expression condition =
                    subject.map(value -> call(Function.EQUAL, value, when)).orElse(when);
            lexer.expect("then");
            branches.add(new Branch(condition, disjunction()));
        }
        if (branches.isEmpty()) throw lexer.unexpected("'when'");
        Expression otherwise =
                lexer.accept("else") ? disjunction() : new Literal(null, DataType.BOOL);
        lexer.expect("end");
        return new Case(branches, otherwise);
    }

    private Expression function(Token name) {
        String word = name.text().toLowerCase(Locale.ROOT);
        AggregateFunction aggregate = AGGREGATES.get(word);
        if (aggregate != null) return aggregate(aggregate);
        Function function = FUNCTIONS.get(word);
        if (function == null) throw noFunction(name);
        var arguments = new ArrayList<Expression>();
        if (!lexer.accept(")")) {
            do {
                arguments.add(disjunction());
            } while (lexer.accept(","));
            lexer.expect(")");
        }
        return new Call(function, arguments);
    }

    private QuiverException noFunction(Token name) {
        var names = new ArrayList<String>(FUNCTIONS.keySet());
        names.addAll(AGGREGATES.keySet());
        String hint =
                NearestName.of(name.text(), names)
                        .map(nearest -> "did you mean %s? ".formatted(nearest))
                        .orElse("");
        return lexer.error(
                "there is no function '%s'".formatted(name.text()),
                name.start(),
                hint + "see the functions in docs/semantics.md");
    }

    private Expression aggregate(AggregateFunction named) {
        AggregateFunction function = named;
        Optional<Expression> input = Optional.empty();
        if (function == AggregateFunction.COUNT && lexer.accept("distinct"))
            function = AggregateFunction.COUNT_DISTINCT;
        boolean star = lexer.accept("*");
        if (!star && !lexer.current().is(")")) input = Optional.of(disjunction());
        lexer.expect(")");
        Optional<Expression> filter = Optional.empty();
        if (lexer.accept("filter")) {
            lexer.expect("(");
            lexer.expect("where");
            filter = Optional.of(disjunction());
            lexer.expect(")");
        }
        return new Aggregate(function, input, filter);
    }
}
