"""What several test modules share: running dbt, replaying its SQL, editing exports."""
