"""Equilibria of the bargaining games of the textbooks, and their play: one game a module.

Each module gives the equilibrium in closed form (or to the last digits by bisection) and a play of its
strategies, move by move, for many draws at once. A play reads nothing but strategies: what is offered, and
from what offer on the other says yes. ``refusals`` makes the first offers fail whatever they are; so one
sees that refusing once gains nothing.
"""
