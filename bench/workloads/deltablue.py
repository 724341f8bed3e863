# An incremental solver of one-way constraints with strengths: a plan is kept up to date while constraints come and go.
# Class hierarchies, dynamic dispatch, lists that grow and shrink.
SMALL, SIZE = 10, 6000

REQUIRED, STRONG, NORMAL, WEAK, WEAKEST = range(5)


class Variable:
    def __init__(self, value=0):
        self.value = value
        self.constraints = []
        self.determined_by = None
        self.mark = 0
        self.strength = WEAKEST
        self.stay = True


class Constraint:
    def __init__(self, solver, strength):
        self.solver = solver
        self.strength = strength

    def post(self):
        for variable in self.variables():
            variable.constraints.append(self)
        self.solver.incremental_add(self)

    def destroy(self):
        if self.is_satisfied():
            self.solver.incremental_remove(self)
        for variable in self.variables():
            variable.constraints.remove(self)

    def is_input(self):
        return False

    def satisfy(self, mark):
        self.choose(mark)
        if not self.is_satisfied():
            if self.strength == REQUIRED:
                raise ValueError("a required constraint cannot be satisfied")
            return None
        for variable in self.inputs():
            variable.mark = mark
        output = self.output()
        overridden = output.determined_by
        if overridden is not None:
            overridden.unsatisfy()
        output.determined_by = self
        if not self.solver.propagate(self, mark):
            raise ValueError("a cycle")
        output.mark = mark
        return overridden


class Unary(Constraint):
    def __init__(self, solver, variable, strength):
        super().__init__(solver, strength)
        self.variable = variable
        self.satisfied = False
        self.post()

    def variables(self):
        return (self.variable,)

    def inputs(self):
        return ()

    def inputs_known(self, mark):
        return True

    def output(self):
        return self.variable

    def is_satisfied(self):
        return self.satisfied

    def unsatisfy(self):
        self.satisfied = False

    def choose(self, mark):
        self.satisfied = self.variable.mark != mark and self.strength < self.variable.strength

    def recalculate(self):
        self.variable.strength = self.strength
        self.variable.stay = not self.is_input()
        if self.variable.stay:
            self.execute()

    def execute(self):
        pass


class Stay(Unary):
    pass


class Edit(Unary):
    def is_input(self):
        return True


NONE, FORWARD, BACKWARD = range(3)


class Binary(Constraint):
    def __init__(self, solver, first, second, strength):
        super().__init__(solver, strength)
        self.first = first
        self.second = second
        self.direction = NONE
        self.post()

    def variables(self):
        return self.first, self.second

    def inputs(self):
        return (self.first,) if self.direction == FORWARD else (self.second,)

    def inputs_known(self, mark):
        for variable in self.inputs():
            if not (variable.mark == mark or variable.stay or variable.determined_by is None):
                return False
        return True

    def output(self):
        return self.second if self.direction == FORWARD else self.first

    def is_satisfied(self):
        return self.direction != NONE

    def unsatisfy(self):
        self.direction = NONE

    def choose(self, mark):
        first, second = self.first, self.second
        if first.mark == mark:
            free = second.mark != mark and self.strength < second.strength
            self.direction = FORWARD if free else NONE
        elif second.mark == mark:
            self.direction = BACKWARD if self.strength < first.strength else NONE
        elif first.strength > second.strength:
            self.direction = BACKWARD if self.strength < first.strength else NONE
        else:
            self.direction = FORWARD if self.strength < second.strength else NONE

    def recalculate(self):
        source = self.inputs()[0]
        output = self.output()
        output.strength = max(self.strength, source.strength)
        output.stay = source.stay
        if output.stay:
            self.execute()


class Equal(Binary):
    def execute(self):
        self.output().value = self.inputs()[0].value


class Scale(Binary):
    def __init__(self, solver, source, factor, offset, target, strength):
        self.factor = factor
        self.offset = offset
        super().__init__(solver, source, target, strength)

    def variables(self):
        return self.first, self.second, self.factor, self.offset

    def inputs(self):
        source = self.first if self.direction == FORWARD else self.second
        return source, self.factor, self.offset

    def recalculate(self):
        source, factor, offset = self.inputs()
        output = self.output()
        output.strength = max(self.strength, source.strength)
        output.stay = source.stay and factor.stay and offset.stay
        if output.stay:
            self.execute()

    def execute(self):
        if self.direction == FORWARD:
            self.second.value = self.first.value * self.factor.value + self.offset.value
        else:
            self.first.value = (self.second.value - self.offset.value) // self.factor.value


class Solver:
    def __init__(self):
        self.mark = 0

    def new_mark(self):
        self.mark += 1
        return self.mark

    def incremental_add(self, constraint):
        mark = self.new_mark()
        overridden = constraint.satisfy(mark)
        while overridden is not None:
            overridden = overridden.satisfy(mark)

    def incremental_remove(self, constraint):
        output = constraint.output()
        constraint.unsatisfy()
        output.determined_by = None
        output.strength = WEAKEST
        output.stay = True
        unsatisfied = []
        todo = [output]
        while todo:
            variable = todo.pop()
            for c in variable.constraints:
                if c is not constraint and not c.is_satisfied():
                    unsatisfied.append(c)
            for c in self.consumers(variable):
                c.recalculate()
                todo.append(c.output())
        unsatisfied.sort(key=lambda c: c.strength)
        for c in unsatisfied:
            self.incremental_add(c)

    def consumers(self, variable):
        determined_by = variable.determined_by
        return [c for c in variable.constraints if c is not determined_by and c.is_satisfied()]

    def propagate(self, constraint, mark):
        todo = [constraint]
        while todo:
            c = todo.pop()
            output = c.output()
            if output.mark == mark:
                self.incremental_remove(constraint)
                return False
            c.recalculate()
            todo.extend(self.consumers(output))
        return True

    def plan(self, sources):
        mark = self.new_mark()
        plan = []
        todo = [c for c in sources if c.is_input() and c.is_satisfied()]
        while todo:
            c = todo.pop()
            output = c.output()
            if output.mark != mark and c.inputs_known(mark):
                plan.append(c)
                output.mark = mark
                todo.extend(self.consumers(output))
        return plan


def change(solver, variable, values):
    edit = Edit(solver, variable, STRONG)
    plan = solver.plan([edit])
    for value in values:
        variable.value = value
        for c in plan:
            c.execute()
    edit.destroy()


def chain(n):
    solver = Solver()
    variables = [Variable() for _ in range(n + 1)]
    for a, b in zip(variables, variables[1:]):
        Equal(solver, a, b, REQUIRED)
    Stay(solver, variables[-1], NORMAL)
    total = 0
    edit = Edit(solver, variables[0], STRONG)
    plan = solver.plan([edit])
    for value in range(30):
        variables[0].value = value
        for c in plan:
            c.execute()
        total += variables[-1].value
    edit.destroy()
    return total


def projection(n):
    solver = Solver()
    factor, offset = Variable(10), Variable(1000)
    Stay(solver, factor, NORMAL)
    Stay(solver, offset, NORMAL)
    pairs = []
    for i in range(n):
        source, target = Variable(i), Variable(i)
        Stay(solver, source, NORMAL)
        Scale(solver, source, factor, offset, target, REQUIRED)
        pairs.append((source, target))
    change(solver, pairs[0][0], (17,))
    first = pairs[0][1].value
    change(solver, pairs[-1][1], (1050,))
    last = pairs[-1][0].value
    change(solver, factor, (5,))
    after_factor = sum(target.value for _, target in pairs[:-1])
    change(solver, offset, (2000, 3000))
    return first, last, after_factor, sum(target.value for _, target in pairs[:-1])


def work(n):
    return chain(n), projection(n)


if __name__ == "__main__":
    print(work(SMALL))
    print(work(SIZE))
