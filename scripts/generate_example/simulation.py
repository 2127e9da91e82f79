"""Everything that happens in the department, as records of all tables."""

from . import appraisal, closings, hr, learning, operations
from .calls import Call, CallSimulation, export_call_legs
from .clock import Settings
from .edges import Edges
from .floor import PHONE, Floor
from .people import Department
from .quality import ReviewSimulation, export_reviews
from .surveys import SurveySimulation
from .tables import Exports, numbered
from .tickets import Ticket, TicketSimulation, export_tickets


def simulate(settings: Settings) -> tuple[Department, Exports]:
    """The order is that of the tables in the list of dirty rows."""
    department, exports = Department(settings), Exports(settings)
    hr.export_employees(department, exports)
    hr.export_positions(department, exports)
    hr.export_absences(department, exports)
    hr.export_attendance(department, exports)
    hr.export_violations(department, exports)
    tickets, calls = simulate_contacts(department)
    export_tickets(tickets, exports)
    export_call_legs(calls, exports)
    SurveySimulation(department, exports).run([*tickets, *calls])
    reviews = ReviewSimulation(department).run([*tickets, *calls])
    export_reviews(reviews, exports)
    learning.export_exams(department, exports)
    learning.export_trainings(department, exports)
    learning.export_coaching(department, exports)
    appraisal.export_goals(department, exports)
    appraisal.RatingSimulation(department, exports).run()
    appraisal.export_interviews(department, exports)
    closings.export_closings(department, reviews, exports)
    appraisal.export_grade_decisions(department, exports)
    appraisal.export_objections(reviews, exports)
    operations.export_suggestions(department, exports)
    operations.export_improvements(department, exports)
    operations.export_reports(department, exports)
    operations.export_succession_plans(department, exports)
    exports.finish()
    return department, exports


def simulate_contacts(department: Department) -> tuple[list[Ticket], list[Call]]:
    """All tickets and calls by arrival, those with a fixed course among them."""
    floor, edges, end = Floor(department), Edges(department), department.settings.end
    tickets: list[Ticket] = []
    calls: list[Call] = []
    for day in department.settings.days:
        for arrival in floor.arrivals_on(day):
            if arrival.at >= end:
                continue
            if arrival.channel == PHONE:
                calls.append(CallSimulation(floor, arrival).run())
            else:
                ticket = TicketSimulation(floor, arrival).run()
                ticket.events = [event for event in ticket.events if event.occurred_at < end]
                tickets.append(ticket)
    tickets += edges.tickets
    calls = [call for call in calls if call.legs[-1].ended_at < end] + edges.calls
    for first_id, contacts in (("T0001", tickets), ("K0001", calls)):
        contacts.sort(key=lambda contact: contact.arrival.order)
        for contact_id, contact in numbered(first_id, contacts):
            contact.contact_id = contact_id
    return tickets, calls
