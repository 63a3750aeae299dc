"""The tables of the approvals room."""

from qidang.approvals.models.requests import Decision, Request, Seat
from qidang.approvals.models.routes import Route, RouteVersion

__all__ = ["Decision", "Request", "Route", "RouteVersion", "Seat"]
