package dev.quiver.expression;

import dev.quiver.expression.Expression.Aggregate;
import dev.quiver.expression.Expression.Branch;
import dev.quiver.expression.Expression.Call;
import dev.quiver.expression.Expression.Case;
import dev.quiver.expression.Expression.Cast;
import dev.quiver.expression.Expression.Column;
import dev.quiver.expression.Expression.In;
import dev.quiver.expression.Expression.Literal;
import dev.quiver.expression.Expression.UserCall;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Checks an expression against a schema: every name exists, every operand fits.
public final class Binder {
    private final Schema schema;
    private final String place;
    private boolean inAggregate;

    private Binder(Schema schema, String place) {
        this.schema = schema;
        this.place = place;
    }

    /// The expression with every conversion explicit, and what it makes. Binding what was bound
    /// against the same schema changes nothing.
    ///
    /// @param place where the expression stands, for errors, such as `Filter`
    /// @throws dev.quiver.error.ColumnNotFound when a name isn't in the schema
    /// @throws dev.quiver.error.TypeMismatch when operands don't go together
    public static Bound bind(Expression expression, Schema schema, String place) {
        return new Binder(schema, place).bind(expression);
    }

    /// Like [#bind], for a condition: the type must be bool.
    public static Bound bindCondition(Expression expression, Schema schema, String place) {
        Bound bound = bind(expression, schema, place);
        return new Signatures(new Complaint(expression, place)).condition(bound);
    }

    /// The type a call makes of arguments that are bound already.
    public static DataType resultType(Call call, List<DataType> argumentTypes) {
        var arguments = new ArrayList<Bound>();
        for (int i = 0; i < argumentTypes.size(); i++) {
            arguments.add(new Bound(call.arguments().get(i), argumentTypes.get(i), true));
        }
        return new Signatures(new Complaint(call, "a bound expression"))
                .call(call.function(), arguments)
                .type();
    }

    /// The type of an aggregate over values of `input` (empty: over rows).
    ///
    /// @throws dev.quiver.error.TypeMismatch when the aggregate makes no sense of such values
    public static DataType resultType(AggregateFunction function, Optional<DataType> input) {
        var values = new Column("x");
        var aggregate = new Aggregate(function, input.map(_ -> values), Optional.empty());
        var schema = new Schema(input.map(type -> List.of(Field.of("x", type))).orElse(List.of()));
        return bind(aggregate, schema, "an aggregate").type();
    }

    private Bound bind(Expression expression) {
        return switch (expression) {
            case Column(var name) -> {
                Field field = schema.field(schema.indexOf(name, place));
                yield new Bound(expression, field.type(), field.nullable());
            }
            case Literal(var value, var type) -> new Bound(expression, type, value == null);
            case Call(var function, var arguments) ->
                    signatures(expression)
                            .call(function, arguments.stream().map(this::bind).toList());
            case Cast(var input, var type) -> cast(expression, bind(input), type);
            case Case choice -> choice(choice);
            case In in -> in(in);
            case Aggregate aggregate -> aggregate(aggregate);
            case UserCall call -> userCall(call);
        };
    }

    private Signatures signatures(Expression expression) {
        return new Signatures(new Complaint(expression, place));
    }

    private Bound cast(Expression expression, Bound input, DataType type) {
        if (input.type().equals(type)) return input;
        if (input.expression() instanceof Literal(var value, _) && value == null)
            return new Bound(new Literal(null, type), type, true);
        if (!Casts.exists(input.type(), type))
            throw new Complaint(expression, place).cast(input, type);
        return new Bound(new Cast(input.expression(), type), type, input.nullable());
    }

    private Bound choice(Case choice) {
        Signatures signatures = signatures(choice);
        var conditions = new ArrayList<Bound>();
        var values = new ArrayList<Bound>();
        for (Branch branch : choice.branches()) {
            conditions.add(signatures.condition(bind(branch.condition())));
            values.add(bind(branch.value()));
        }
        values.add(bind(choice.otherwise()));
        List<Bound> unified = signatures.unified(values);
        var branches = new ArrayList<Branch>();
        for (int i = 0; i < conditions.size(); i++) {
            branches.add(new Branch(conditions.get(i).expression(), unified.get(i).expression()));
        }
        Bound otherwise = unified.getLast();
        return new Bound(
                new Case(branches, otherwise.expression()),
                otherwise.type(),
                unified.stream().anyMatch(Bound::nullable));
    }

    private Bound in(In in) {
        Signatures signatures = signatures(in);
        Bound input = bind(in.input());
        DataType type = input.type();
        boolean hasNull = false;
        var values = new ArrayList<Bound>();
        for (Literal literal : in.values()) {
            List<Bound> pair = signatures.comparable(List.of(input, bind(literal)));
            type = Coercion.common(type, pair.get(1).type()).orElseThrow();
            hasNull |= literal.value() == null;
            values.add(bind(literal));
        }
        Bound operand = Coercion.to(input, type);
        var literals = new ArrayList<Literal>();
        for (Bound value : values) {
            if (!(Coercion.to(value, type).expression() instanceof Literal literal))
                throw new Complaint(in, place)
                        .invalid(
                                "%s isn't a value of %s"
                                        .formatted(
                                                ExpressionPrinter.brief(value.expression()), type),
                                "list values of the column's type");
            literals.add(literal);
        }
        return new Bound(
                new In(operand.expression(), literals), DataType.BOOL, input.nullable() || hasNull);
    }

    private Bound userCall(UserCall call) {
        Bound input = bind(call.input());
        if (!call.parameter().isAssignableFrom(Values.javaClass(input.type())))
            throw new Complaint(call, place).parameter(input, call.parameter());
        return new Bound(
                new UserCall(input.expression(), call.function(), call.parameter(), call.type()),
                call.type(),
                true);
    }

    private Bound aggregate(Aggregate aggregate) {
        var complaint = new Complaint(aggregate, place);
        if (inAggregate)
            throw complaint.invalid(
                    "an aggregate inside an aggregate", "compute the inner one first, then group");
        inAggregate = true;
        Optional<Bound> input = aggregate.input().map(this::bind);
        Optional<Bound> filter =
                aggregate.filter().map(f -> signatures(aggregate).condition(bind(f)));
        inAggregate = false;
        boolean counts =
                aggregate.function() == AggregateFunction.COUNT
                        || aggregate.function() == AggregateFunction.COUNT_DISTINCT;
        if (input.isEmpty() && aggregate.function() != AggregateFunction.COUNT)
            throw complaint.invalid(
                    "%s of nothing".formatted(ExpressionPrinter.name(aggregate.function())),
                    "name the column to aggregate");
        DataType type =
                input.map(values -> aggregateType(aggregate.function(), values, complaint))
                        .orElse(DataType.INT64);
        var expression =
                new Aggregate(
                        aggregate.function(),
                        input.map(Bound::expression),
                        filter.map(Bound::expression));
        return new Bound(expression, type, !counts);
    }

    private static DataType aggregateType(
            AggregateFunction function, Bound input, Complaint complaint) {
        DataType type = input.type();
        boolean number = DataType.isNumeric(type);
        return switch (function) {
            case COUNT -> DataType.INT64;
            case COUNT_DISTINCT -> {
                if (!Signatures.hasOrder(type))
                    throw complaint.argument(input, "a value that can be compared");
                yield DataType.INT64;
            }
            case SUM ->
                    switch (type) {
                        case DataType.Int _ -> DataType.INT64;
                        case DataType.FloatingPoint _ -> DataType.FLOAT64;
                        case DataType.Decimal(_, int scale) ->
                                new DataType.Decimal(DataType.Decimal.PRECISION_MAX, scale);
                        case DataType.Duration _ -> type;
                        default -> throw complaint.argument(input, "a number");
                    };
            case MEAN, VARIANCE, STANDARD_DEVIATION -> {
                if (!number) throw complaint.argument(input, "a number");
                yield DataType.FLOAT64;
            }
            case MIN, MAX -> {
                if (!Signatures.hasOrder(type))
                    throw complaint.argument(input, "a value that can be compared");
                yield type;
            }
            case FIRST, LAST -> type;
        };
    }
}
